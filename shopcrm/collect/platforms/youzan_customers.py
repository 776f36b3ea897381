"""Youzan 有赞: customer report, csv (C1). Its header ends with one more comma.

| column | becomes |
| --- | --- |
| 客户姓名, else 客户昵称 | name |
| 客户手机号 | identity `phone`; a hidden one is nobody's |
| 客户生日, 客户性别 | birthday, gender |
| 标签 | tags |
| 付费等级, else 免费等级 | member_level |
| 来源渠道, else 来源方式 | source |
| 所属区域 | address |

What was bought and when comes with the orders.
"""

from __future__ import annotations

from typing import Final

from shopcrm.base.i18n import N_
from shopcrm.collect.people_table import PeopleTable
from shopcrm.collect.platforms.people_layout import PeopleLayout

KEY: Final = "youzan"

CUSTOMERS: Final = PeopleLayout(
    key=KEY,
    label=N_("Youzan customer report"),
    table=PeopleTable(
        platform=KEY,
        names={
            "name": ("客户姓名",),
            "nickname": ("客户昵称",),
            "phone": ("客户手机号",),
            "birthday": ("客户生日",),
            "gender": ("客户性别",),
            "tags": ("标签",),
            "member_level": ("付费等级", "免费等级"),
            "source": ("来源渠道", "来源方式"),
        },
        addresses=({"address": ("所属区域",)},),
    ),
    own=(
        "客户姓名", "客户昵称", "客户手机号", "客户生日", "客户性别", "免费等级", "付费等级", "权益卡", "客户积分",
        "客户储值余额", "笔单价", "成为客户时间", "成为会员时间", "成为会员店铺", "企微好友", "公众号关注时间",
    ),
    own_at_least=2,
)  # fmt: skip
