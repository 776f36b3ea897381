"""What stands before a nick or a number when it is copied: `淘宝:`, `旺旺号 `, `@`, `手机：`."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from shopcrm.base.characters import simplified

_SAID: Final = (
    "淘宝|天猫|阿里|1688|京东|拼多多|抖音|抖店|快手|小红书|有赞|闲鱼|旺旺|阿里旺旺|千牛|微信|qq|微博|"
    "taobao|tmall|jd|pdd|pinduoduo|douyin|kuaishou|xiaohongshu|rednote|youzan|shopify|amazon|etsy|ebay|"
    "wechat|weixin|weibo|wangwang|"
    "买家|买家会员|会员|客户|昵称|姓名|收货人|收件人|联系人|手机|手机号码?|电话|联系电话|邮箱|电子邮件|"
    "订单|订单编号|单号|运单|快递|快递单|物流单|标签|"
    "buyer|customer|nick|nickname|name|recipient|mobile|phone|tel|telephone|e-?mail|"
    "order(?: number| no\\.?)?|tracking(?: number)?|tag|vx?|wx"
)
_LABEL: Final = re.compile(
    rf"[\[【(]?(?:{_SAID}){{1,2}}(?:号|名|账号|id|昵称|会员名)?[\]】)]?(\s*[:=]\s*|\s+)(?=\S)", re.IGNORECASE
)
_LEADING: Final = re.compile(r"@+(?=[^\s@])")


def unlabelled(text: str) -> tuple[str, bool]:
    """The text without the label before it, and whether that was surely one (it ended in a colon)."""
    plain = simplified(unicodedata.normalize("NFKC", text)).strip()
    found = _LABEL.match(plain)
    if found is None:
        return _LEADING.sub("", text.strip(), count=1) if plain.startswith("@") else text, True
    # What is folded has the same letters behind the label.
    rest, _sure = unlabelled(unicodedata.normalize("NFKC", text).strip()[found.end() :])
    return rest, bool(found[1].strip())


def label(text: str) -> str:
    """The label before a text, folded: `淘宝`, `wechat`; blank where there is none."""
    found = _LABEL.match(simplified(unicodedata.normalize("NFKC", text)).strip())
    return re.sub(r"[^\w]", "", found[0]).lower() if found is not None else ""
