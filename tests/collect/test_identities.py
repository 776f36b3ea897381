"""Who is who: the same deciding identity is the same customer, and nothing else is unless each side has one holder."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from shopcrm.collect.identities import Claim, Holder, IdentityKey, Known, Merge, first_deciding, resolve

PHONE = "13800130001"


def _buyer(value: str, platform: str = "taobao") -> IdentityKey:
    return IdentityKey("buyer_id", platform, value)


def _phone(platform: str, value: str = PHONE) -> IdentityKey:
    return IdentityKey("phone", platform, value)


def _who(*claims: tuple[IdentityKey | None, tuple[IdentityKey, ...]], known: Known | None = None) -> list[int | None]:
    numbered = [Claim(at, None, deciding, contacts) for at, (deciding, contacts) in enumerate(claims)]
    assignment = resolve(numbered, known or Known())
    return [assignment.customers[at] for at in range(len(claims))]


def test_the_same_buyer_is_one_and_nobody_without_an_identity_is_anybody() -> None:
    assert _who((_buyer("a"), ()), (None, ()), (_buyer("b"), ()), (_buyer("a"), ())) == [-1, None, -2, -1]


def test_two_buyer_ids_on_one_platform_are_two_whatever_they_share() -> None:
    assert _who((_buyer("a"), (_phone("taobao"),)), (_buyer("b"), (_phone("taobao"),))) == [-1, -2]


def test_a_phone_joins_platforms_when_each_side_has_one_holder() -> None:
    assert _who((_buyer("a"), (_phone("taobao"),)), (_phone("pdd"), ())) == [-1, -1]
    assert _who((_phone("pdd"), ()), (_buyer("a"), (_phone("taobao"),))) == [-1, -1]


def test_a_phone_with_two_holders_on_a_side_joins_nobody() -> None:
    two = [(_buyer("a"), (_phone("taobao"),)), (_buyer("b"), (_phone("taobao"),))]
    assert _who(*two, (_phone("pdd"), ())) == [-1, -2, -3]
    # Whichever comes first in the file: the second holder is seen before anybody is joined.
    assert _who((_phone("pdd"), ()), *two) == [-1, -2, -3]


def test_who_was_known_by_the_phone_alone_is_the_buyer_whose_id_turns_up() -> None:
    assert _who((_phone("taobao"), ()), (_buyer("a"), (_phone("taobao"),))) == [-1, -1]


def test_two_known_customers_become_one_when_a_phone_turns_up_that_each_side_holds_once() -> None:
    known = Known(deciding={_buyer("a"): 7, _buyer("x", "jd"): 9})
    known.buyer_platforms[7].add("taobao")
    known.buyer_platforms[9].add("jd")
    known.phone_holders[PHONE].add(Holder(9, "jd"))
    assignment = resolve([Claim(0, 7, _buyer("a"), (_phone("taobao"),))], known)
    assert (assignment.customers[0], assignment.merges) == (7, (Merge(7, 9, _phone("taobao")),))


def test_two_buyer_ids_of_one_platform_never_become_one() -> None:
    known = Known(deciding={_buyer("a"): 7})
    known.buyer_platforms[7] |= {"taobao", "jd"}
    known.buyer_platforms[9].add("jd")
    known.phone_holders[PHONE].add(Holder(9, "jd"))
    assert resolve([Claim(0, 7, _buyer("a"), (_phone("taobao"),))], known).merges == ()


@given(st.permutations(["taobao", "pdd", "jd"]))
def test_in_whatever_order_platforms_come_they_are_one(order: list[str]) -> None:
    told = {
        "taobao": (_buyer("a"), (_phone("taobao"),)),
        "pdd": (_phone("pdd"), ()),
        "jd": (_buyer("x", "jd"), (_phone("jd"),)),
    }
    assert _who(*(told[platform] for platform in order)) == [-1, -1, -1]


def test_an_order_that_is_somebody_s_stays_so() -> None:
    known = Known(deciding={_buyer("a"): 7})
    assignment = resolve([Claim(0, 9, _buyer("a"))], known)
    assert assignment.customers[0] == 9


def test_the_buyer_id_decides_before_mail_and_phone() -> None:
    keys = [(_phone("shop"), True), (IdentityKey("email", "shop", "a@example.org"), True), (_buyer("a"), True)]
    assert first_deciding(keys) == _buyer("a")
    assert first_deciding(keys[:2]) == keys[1][0]
    assert first_deciding([(_phone("shop"), False)]) is None


_CLAIMS = st.lists(
    st.tuples(
        st.sampled_from([None, *(_buyer(nick, platform) for nick in "abc" for platform in ("taobao", "jd"))]),
        st.sampled_from([None, "13800130001", "13800130002"]),
        st.sampled_from(["taobao", "jd", "pdd"]),
    ),
    max_size=12,
)


@given(_CLAIMS)
def test_a_buyer_id_is_never_shared_and_never_split(
    drawn: list[tuple[IdentityKey | None, str | None, str]],
) -> None:
    claims = []
    for at, (buyer, phone, platform) in enumerate(drawn):
        if buyer is not None:
            contacts = (_phone(buyer.platform, phone),) if phone else ()
            claims.append(Claim(at, None, buyer, contacts))
        else:
            claims.append(Claim(at, None, _phone("pdd", phone) if phone and platform == "pdd" else None))
    customers = resolve(claims, Known()).customers
    by_customer: dict[int, set[IdentityKey]] = defaultdict(set)
    by_buyer: dict[IdentityKey, set[int | None]] = defaultdict(set)
    for claim in claims:
        customer = customers[claim.order]
        assert (customer is None) == (claim.deciding is None)
        if customer is not None and claim.deciding is not None:
            by_customer[customer].add(claim.deciding)
            by_buyer[claim.deciding].add(customer)
    assert all(len(found) == 1 for found in by_buyer.values())
    for identities in by_customer.values():
        platforms = [key.platform for key in identities if key.kind == "buyer_id"]
        assert len(platforms) == len(set(platforms)), "two buyer ids of one platform on one card"
