"""Names of places for the organisation tree: real-sounding, invented. Pairs of Chinese and English."""

from __future__ import annotations

Name = tuple[str, str]

PROVINCE: Name = ("澜江省分公司", "Lanjiang Provincial Company")
CITIES: tuple[Name, ...] = (
    ("澜城", "Lancheng"), ("云麓", "Yunlu"), ("宁泽", "Ningze"), ("海平", "Haiping"),
    ("清澜", "Qinglan"), ("石渡", "Shidu"), ("永和", "Yonghe"), ("南屏", "Nanping"),
)  # fmt: skip
_FIRST: tuple[Name, ...] = (
    ("临", "Lin"), ("安", "An"), ("云", "Yun"), ("永", "Yong"), ("平", "Ping"), ("东", "Dong"), ("南", "Nan"),
    ("新", "Xin"), ("长", "Chang"), ("石", "Shi"), ("金", "Jin"), ("青", "Qing"),
)  # fmt: skip
_SECOND: tuple[Name, ...] = (
    ("川", "chuan"), ("河", "he"), ("阳", "yang"), ("山", "shan"), ("湖", "hu"), ("泉", "quan"), ("溪", "xi"),
    ("陵", "ling"), ("桥", "qiao"), ("原", "yuan"),
)  # fmt: skip
# 12 and 10 meet again only after 60 steps, so 60 different names, neighbours unlike.
COUNTIES: tuple[Name, ...] = tuple(
    (_FIRST[k % 12][0] + _SECOND[k % 10][0], _FIRST[k % 12][1] + _SECOND[k % 10][1]) for k in range(60)
)
BRANCHES: tuple[Name, ...] = (
    ("城关", "Chengguan"), ("东门", "Dongmen"), ("火车站", "Railway Station"), ("人民路", "Renmin Road"),
    ("大学城", "University Town"), ("工业园", "Industrial Park"), ("西关", "Xiguan"), ("河滨", "Riverside"),
    ("建设路", "Jianshe Road"), ("南湖", "South Lake"), ("北站", "North Station"), ("解放路", "Jiefang Road"),
    ("新城", "New Town"), ("柳林", "Liulin"), ("白沙", "Baisha"), ("马家堡", "Majiabao"), ("双桥", "Shuangqiao"),
    ("龙泉", "Longquan"), ("石桥", "Shiqiao"), ("黄土岭", "Huangtuling"), ("大庙", "Damiao"), ("桃园", "Taoyuan"),
    ("码头", "Wharf"), ("高新区", "Hi-Tech Zone"),
)  # fmt: skip
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = ("伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "霞", "平", "刚",
         "桂英", "志强", "晓燕", "建华", "文博", "雨桐", "子涵", "海燕", "春梅", "国栋", "丽华", "玉兰")  # fmt: skip
INDUSTRIES: tuple[tuple[str, str], ...] = (
    ("manufacturing", "机械制造有限公司"), ("government", "政务服务中心"), ("education", "实验中学"),
    ("health", "人民医院"), ("finance", "农商银行"), ("retail", "百货商场"), ("construction", "建筑工程公司"),
    ("logistics", "物流有限公司"), ("agriculture", "农业合作社"), ("hospitality", "宾馆"),
)  # fmt: skip
