"""What columns are called in tables of all kinds, and the words for how far an order is: what guessing goes by (C2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shopcrm.base.text import fold
from shopcrm.collect.fields import fold_header
from shopcrm.collect.foreign import OrderState
from shopcrm.collect.platforms.taobao import CLOSED_WORDS
from shopcrm.collect.platforms.taobao import STATES as TAOBAO_STATES

# By field the names it goes by, the surest first.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "number": (
        "订单编号", "订单号", "主订单编号", "交易订单号", "订单id", "订单ID号", "单号", "编号", "销售单号", "流水号",
        "小票号", "訂單編號", "訂單號碼", "order id", "order number", "order no", "order no.", "order-id",
        "amazon-order-id", "order #", "order", "invoice", "invoiceno", "invoice no", "invoice number",
        "receipt number", "receipt no", "transaction id", "sales record number", "bestellnummer", "bestellung",
        "rechnungsnummer",
    ),
    "line_number": (
        "子订单编号", "子订单号", "商品单号", "明细编号", "子訂單編號", "order-item-id", "order item id", "line id",
        "line number", "item id",
    ),
    "buyer_id": (
        "买家会员名", "下单帐号", "下单账号", "买家账号", "买家id", "用户编号", "会员号", "会员编号", "会员卡号",
        "客户编号", "客户id", "用户id", "買家帳號", "會員編號", "客戶編號", "buyer user id", "customer id",
        "customerid", "customer no", "customer number", "member id", "buyer username", "user id", "kundennummer",
    ),
    "buyer_name": (
        "买家昵称", "昵称", "客户名称", "客户姓名", "客户", "顾客", "顾客姓名", "会员姓名", "会员", "客人", "會員",
        "姓名", "买家", "用户昵称", "微信昵称", "下单人", "買家", "客戶姓名", "客戶名稱", "顧客", "buyer name",
        "buyer", "customer name", "customer", "full name", "name", "billing name", "buyer-name", "kunde",
    ),
    "recipient_name": (
        "收货人姓名", "收货人", "收件人", "收件人姓名", "收件人名称", "收貨人", "recipient", "recipient name",
        "recipient-name", "ship to name", "ship name", "shipping name", "deliver to",
    ),
    "phone": (
        "联系手机", "手机", "手机号", "手机号码", "收件人手机号", "收件人手机", "收货人手机号", "收货人电话",
        "联系电话", "电话", "客户电话", "买家手机号", "手機", "手機號碼", "電話", "聯絡電話", "行動電話", "phone",
        "phone number", "mobile", "mobile number", "tel", "telephone", "ship-phone-number", "ship to phone",
        "buyer-phone-number", "telefon",
    ),
    "email": (
        "邮箱", "电子邮箱", "邮箱地址", "电子邮件", "電子郵件", "email", "e-mail", "email address", "buyer email",
        "buyer-email", "customer email",
    ),
    "created_at": (
        "订单创建时间", "下单时间", "创建时间", "订单提交时间", "订单时间", "下单日期", "订单日期", "日期",
        "销售日期", "购买日期", "时间", "成交时间", "拼单成功时间", "訂單日期", "下單時間", "購買日期", "date",
        "order date", "sale date", "created at", "created", "purchase-date", "purchase date", "invoicedate",
        "invoice date", "time", "date created", "datum", "tag",
    ),
    "paid_at": (
        "订单付款时间", "付款时间", "支付时间", "支付完成时间", "付款确认时间", "付款日期", "买家付款时间",
        "付款時間", "paid at", "payment date", "date paid", "payments-date", "paid on date", "paid on",
    ),
    "shipped_at": (
        "发货时间", "发货日期", "出貨時間", "出貨日期", "shipped at", "date shipped", "shipped on date", "ship date",
        "fulfilled at",
    ),
    "signed_at": (
        "签收时间", "确认收货时间", "收货时间", "簽收時間", "delivered at", "delivery date", "date delivered",
    ),
    "finished_at": (
        "订单完成时间", "完成时间", "交易成功时间", "完成時間", "completed at", "date completed", "finished at",
    ),
    "quantity": (
        "购买数量", "数量", "商品数量", "商品数量(件)", "订购数量", "件数", "宝贝总数量", "销售数量", "數量", "件數",
        "quantity", "qty", "quantity-purchased", "units", "pieces", "number of items", "menge",
    ),
    "price": (
        "商品单价", "单价", "单价(元)", "价格", "商品价格", "京东价", "售价", "銷售單價", "單價", "unit price",
        "unitprice", "price", "item price", "price each", "preis",
    ),
    "line_total": (
        "商品金额", "金额", "小计", "商品总价", "商品总价(元)", "商品总金额", "行金额", "小計", "金額", "line total",
        "item total", "amount", "item-price", "sold for", "subtotal", "betrag",
    ),
    "order_total": (
        "买家实际支付金额", "买家实付金额", "实付金额", "实付款", "实付款(元)", "用户实付金额(元)", "订单应付金额",
        "应付金额", "结算金额", "实收金额", "实收", "订单金额", "订单总额", "总金额", "总计", "合计", "支付金额",
        "付款金额", "成交金额", "實付金額", "訂單金額", "總計", "總金額", "total", "order total", "total price",
        "grand total", "total paid", "paid amount", "amount paid", "order value", "summe", "gesamt",
    ),
    "refunded": (
        "退款金额", "已退款金额", "退款金額", "refunded amount", "refund", "refund amount", "refunded",
    ),
    "article": (
        "商家编码", "商家编码-SKU维度", "货号", "商品编码", "商品编号", "商品id", "款号", "条码", "商品条码", "SKU",
        "貨號", "商品編號", "sku", "lineitem sku", "item number", "product id", "product code", "stockcode",
        "article", "asin", "listing id", "artikelnummer",
    ),
    "title": (
        "商品名称", "商品标题", "宝贝标题", "标题", "货品标题", "选购商品", "商品", "品名", "产品名称", "产品",
        "项目", "商品名稱", "品項", "title", "product", "product name", "product-name", "item name", "item",
        "item title", "description", "goods", "artikel",
    ),
    "variant": (
        "商品规格", "规格", "商品属性", "颜色尺码", "款式", "sku名称", "商品規格", "規格", "variant", "variations",
        "variation details", "options", "size",
    ),
    "province": (
        "省", "省份", "收货省份", "收件人省", "省市", "province", "state/province", "ship state", "ship-state",
        "ship to state", "shipping province", "region",
    ),
    "city": (
        "市", "城市", "收货城市", "收件人市", "縣市", "city", "ship city", "ship-city", "ship to city",
        "shipping city", "town",
    ),
    "country": (
        "国家", "國家", "country", "ship country", "ship-country", "ship to country", "shipping country", "land",
    ),
    "address": (
        "收货地址", "收件地址", "详细地址", "客户地址", "地址", "收货人地址", "收貨地址", "收件人地址", "address",
        "shipping address", "street", "street 1", "ship-address-1", "ship to address 1", "ship address1", "adresse",
    ),
    "state": (
        "订单状态", "状态", "交易状态", "支付状态", "订单狀態", "訂單狀態", "狀態", "status", "order status",
        "order-status", "state", "financial status",
    ),
    "store": (
        "店铺名称", "店铺", "门店", "门店名称", "店鋪", "門市", "store", "shop", "store name", "branch", "filiale",
    ),
    "buyer_message": (
        "买家留言", "留言", "買家留言", "buyer note", "message", "customer note",
    ),
    "seller_note": (
        "商家备注", "卖家备注", "订单备注", "备注", "備註", "note", "notes", "remark", "remarks", "comment",
    ),
    "tracking_number": (
        "快递单号", "物流单号", "运单号", "快递号", "物流編號", "tracking number", "tracking no", "tracking",
        "tracking-number", "sendungsnummer",
    ),
    "carrier": (
        "快递公司", "物流公司", "承运公司", "快递", "快遞公司", "物流業者", "carrier", "courier", "shipping carrier",
        "tracking company",
    ),
    # Of what is called only "review" the cells say which of the two it is.
    "review_text": (
        "评价内容", "评论内容", "评价", "评论", "买家评价", "首次评价", "初评", "評價內容", "評價", "評論",
        "review text", "review content", "review body", "review", "customer review", "buyer review", "product review",
    ),
    "review_stars": (
        "评分", "星级", "评价星级", "评价等级", "评价结果", "商品评分", "打分", "评价", "評分", "星等", "評價星等",
        "review rating", "star rating", "rating", "stars", "review stars", "score", "review", "bewertung",
    ),
    "review_at": (
        "评价时间", "评论时间", "评价日期", "评论日期", "評價時間", "評價日期", "review date", "review time",
        "reviewed at", "date of review", "review created at",
    ),
    "review_more": (
        "追评", "追加评价", "追加评论", "追评内容", "追加评价内容", "追加評價", "追評", "additional review",
        "follow-up review", "review added later",
    ),
    "review_reply": (
        "商家回复", "卖家回复", "评价回复", "掌柜回复", "解释", "商家解释", "賣家回覆", "商家回覆", "seller reply",
        "review reply", "reply", "seller response", "merchant reply",
    ),
    "closed_reason": (
        "订单关闭原因", "关闭原因", "取消原因", "cancel reason", "cancellation reason",
    ),
}  # fmt: skip
FIELDS_BY_NAME: Final[Mapping[str, tuple[str, int]]] = {
    name: (field, rank)
    for field, names in reversed(list(NAMES.items()))
    for rank, name in reversed(list(enumerate(map(fold_header, names))))
}
"""By folded name the field it means and how sure that is (0: surest)."""

_WORDS: Final[Mapping[OrderState, tuple[str, ...]]] = {
    OrderState.UNPAID: (
        "待付款", "未付款", "未支付", "等待付款", "待支付", "unpaid", "pending", "pending payment",
        "awaiting payment", "authorized", "on-hold", "on hold", "offen",
    ),
    OrderState.PAID: (
        "已付款", "已支付", "待发货", "等待发货", "待發貨", "備貨中", "已成团", "待出库", "部分发货", "paid",
        "processing", "unshipped", "unfulfilled", "confirmed", "bezahlt",
    ),
    OrderState.SHIPPED: (
        "已发货", "待收货", "配送中", "运输中", "已出库", "已發貨", "已出貨", "待收貨", "shipped", "fulfilled",
        "in transit", "sent", "dispatched", "versandt",
    ),
    OrderState.ARRIVED: (
        "已到达", "派送中", "待取件", "out for delivery", "arrived",
    ),
    OrderState.SIGNED: (
        "已签收", "已收货", "已簽收", "已收貨", "delivered", "received",
    ),
    OrderState.FINISHED: (
        "已完成", "完成", "交易完成", "交易成功", "成交", "已结单", "正常", "completed", "complete", "finished",
        "done", "closed won", "erledigt",
    ),
    OrderState.CLOSED: (
        "已取消", "取消", "已关闭", "关闭", "交易取消", "作废", "已关闭(未付款)", "已作废", "未付款取消", "cancelled",
        "canceled", "void", "voided", "expired", "failed", "storniert", *CLOSED_WORDS,
    ),
    OrderState.REFUNDED: (
        "已退款", "退款成功", "退款完成", "已退货", "全额退款", "退货", "refunded", "returned", "erstattet",
    ),
}  # fmt: skip
STATE_WORDS: Final[Mapping[str, OrderState]] = {
    **{fold(word): state for word, state in TAOBAO_STATES.items()},
    **{fold(word): state for state, words in _WORDS.items() for word in words},
}
"""By folded word how far an order is."""

# The same of lists of people.
PEOPLE_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "name": (
        "姓名", "客户姓名", "客户名称", "会员姓名", "顾客姓名", "联系人", "名字", "名称", "客户", "顾客",
        "会员", "宝妈", "全名",
        "客戶姓名", "會員姓名", "聯絡人", "顧客", "name", "full name", "customer name", "customer", "contact",
        "display name",
    ),
    "first_name": ("名", "first name", "firstname", "given name", "vorname"),
    "last_name": ("姓", "姓氏", "last name", "lastname", "family name", "surname", "nachname"),
    "nickname": ("昵称", "微信昵称", "网名", "暱稱", "nickname", "nick name", "nick"),
    "phone": (
        "手机号", "手机", "手机号码", "联系电话", "电话", "电话号码", "联系方式", "客户手机号", "手機",
        "手機號碼", "電話",
        "聯絡電話", "行動電話", "phone", "phone number", "mobile", "mobile phone", "cell", "tel", "telephone",
        "telefon",
    ),
    "email": ("邮箱", "电子邮箱", "电子邮件", "電子郵件", "信箱", "email", "e-mail", "email address", "mail"),
    "wechat": ("微信", "微信号", "微信id", "微信號", "wechat", "wechat id", "weixin"),
    "buyer_id": (
        "会员号", "会员编号", "会员卡号", "客户编号", "客户id", "买家id", "旺旺", "买家会员名", "會員編號",
        "客戶編號",
        "customer id", "customer no", "member id", "user id", "kundennummer",
    ),
    "birthday": (
        "生日", "出生日期", "客户生日", "出生年月日", "birthday", "date of birth", "birth date", "dob",
        "geburtstag",
    ),
    "gender": ("性别", "客户性别", "性別", "gender", "sex", "geschlecht"),
    "company": ("公司", "单位", "公司名称", "企业", "單位", "company", "organization", "organisation", "firma"),
    "occupation": ("职业", "职务", "职位", "職業", "occupation", "job title", "profession", "beruf"),
    "source": ("来源", "客户来源", "来源渠道", "渠道", "來源", "source", "came from", "channel", "lead source"),
    "age_band": ("年龄段", "年龄", "年齡層", "年齡", "age", "age band", "age group", "alter"),
    "entry_offer": ("首单优惠", "引流款", "首购优惠", "入门款", "首購優惠", "entry offer", "first offer"),
    "member_level": (
        "会员等级", "等级", "会员级别", "客户等级", "會員等級", "level", "member level", "tier", "membership",
    ),
    "agrees_email": (
        "accepts email marketing", "accepts marketing", "email marketing", "email marketing consent", "email consent",
        "email opt-in", "email subscription status", "newsletter", "subscribed to newsletter", "接受邮件营销",
        "同意接收邮件", "是否接受邮件", "是否订阅邮件", "邮件订阅", "訂閱電子報", "電子報", "接受電子郵件行銷",
    ),
    "agrees_sms": (
        "accepts sms marketing", "sms marketing", "sms marketing consent", "sms consent", "sms opt-in",
        "text message consent", "接受短信营销", "同意接收短信", "是否接受短信", "接受短信", "短信订阅", "是否接受营销",
        "接受营销", "营销授权", "接受簡訊行銷", "同意接收簡訊", "接受簡訊",
    ),
    "tags": ("标签", "客户标签", "分组", "分类", "類別", "標籤", "tags", "tag", "labels", "groups", "category"),
    "note": (
        "备注", "客户备注", "说明", "备忘", "備註", "note", "notes", "remark", "remarks", "memo", "comment",
        "comments",
    ),
    "address": (
        "地址", "详细地址", "收货地址", "联系地址", "家庭住址", "住址", "address", "full address",
        "street address", "adresse",
    ),
    "province": ("省份", "省", "所在省份", "province", "state", "region"),
    "city": ("城市", "市", "所在城市", "縣市", "city", "town", "ort"),
    "district": ("区县", "区", "所在区", "县区", "區", "鄉鎮市區", "district", "county"),
}  # fmt: skip
OF_PEOPLE: Final[Mapping[str, tuple[str, int]]] = {
    fold_header(name): (field, place) for field, names in PEOPLE_NAMES.items() for place, name in enumerate(names)
}
"""By folded name the field of a list of people, and how sure it is (0: surest)."""
