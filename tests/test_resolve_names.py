import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.domain import Domain
from kg.evaluate import gold_files, read_gold
from kg.model import Document, Field, Mention, Metadata, Span
from kg.resolve import Resolver
from kg.segment import Segmenter

DOMAIN = Domain.default()
SEGMENT, RESOLVE = Segmenter(DOMAIN), Resolver(DOMAIN)
GOLD = Path(__file__).parents[2] / "shared" / "gold" / "dev"
CLASSES = {
    "P": "Person",
    "U": "TradeUnion",
    "C": "Company",
    "G": "GovernmentBody",
    "S": "School",
    "A": "Association",
    "O": "Organization",
    "L": "Place",
    "K": "Competition",
    "E": "Activity",
    "D": "Policy",
    "T": "Strategy",
    "W": "Workshop",
    "B": "Platform",
    "R": "Group",
    "N": "Product",
}


def recognized(marked):
    """The document and mentions of a text with 【P李明】 for a recognized person; marks may nest."""
    text, mentions, open_ = "", [], []
    for part in re.findall(r"【[A-Z]|】|[^【】]+", marked):
        if part == "】":
            begin, cls = open_.pop()
            mentions.append(Mention("d", Span(begin, len(text)), text[begin:], cls, "name", "test", 0.9))
        elif part.startswith("【"):
            open_.append((len(text), CLASSES[part[1]]))
        else:
            text += part
    return Document("d", text, ""), sorted(mentions, key=lambda m: (m.span.begin, -m.span.end))


def resolve(marked):
    document, mentions = recognized(marked)
    return RESOLVE(SEGMENT(document), mentions)


def names(marked, kinds="UCGSAOKEDTWBNPR"):
    wanted = {CLASSES[kind] for kind in kinds}
    return [set(e.names) for e in resolve(marked) if e.type in wanted]


def meant(marked, word):
    """What each `word` of the text stands for."""
    found = [(m.span, e.name) for e in resolve(marked) for m in e.mentions if m.kind == "pronoun" and m.text == word]
    return [name for _, name in sorted(found)]


def test_a_federation_is_one_by_all_its_names_and_apart_from_other_bodies():
    text = (
        "【U【L重庆市】总工会】和【U【L南岸区】总工会】开会。【U市总工会】说，【O市总工会经济工作部】会办。"
        "【U市总】支持【U【L重庆】工会】，【U区总】也支持。"
    )
    assert names(text) == [
        {"重庆市总工会", "市总工会", "市总"},
        {"南岸区总工会", "区总"},
        {"市总工会经济工作部"},
        {"重庆工会"},
    ]


def test_the_fullest_name_is_canonical_wherever_it_stands():
    entity = resolve("【U市总】今天发布消息。【L重庆】的【U【L重庆市】总工会】主办。")[0]

    assert entity.id == "e1"
    assert (entity.name, entity.aliases) == ("重庆市总工会", ("市总",))
    assert [(m.text, m.kind) for m in entity.mentions] == [("市总", "alias"), ("重庆市总工会", "name")]


@pytest.mark.parametrize(
    ("full", "short", "same"),
    [
        ("C重庆秋田齿轮有限责任公司", "C秋田齿轮", True),
        ("C中国铁建股份有限公司", "C中国铁建", True),
        ("C中车青岛四方机车车辆股份有限公司", "C中车四方", True),
        ("C汇川技术", "C汇川", True),
        ("C湘潭钢铁集团有限公司", "C湘钢", True),
        ("C中国建筑第三工程局有限公司", "C中建三局", True),
        ("C中国移动湛江分公司", "C中国移动", False),
        ("C宝钢湛江钢铁炼钢厂", "C宝钢", False),
        ("C鞍钢集团矿业有限公司", "C鞍钢集团", False),
        ("G福州市人力资源和社会保障局", "G市人社局", True),
        ("G人力资源社会保障部", "G人社部", True),
        ("G西藏自治区人力资源和社会保障厅", "G自治区人社厅", True),
        ("A福州市科学技术协会", "A市科协", True),
        ("A阳江市工商业联合会", "A市工商联", True),
        ("S武汉理工大学", "S武汉大学", False),
        ("S清华大学建筑学院", "S清华大学", False),
        ("S宝鸡职业技术学院", "S宝鸡职院", True),
        ("O市总工会经济工作部", "U市总工会", False),
        ("K第二届全国技能大赛", "K全国技能大赛", True),
        ("E“求学圆梦”学历提升行动", "E求学圆梦", True),
        ("B“匠学云”平台", "B匠学云", True),
        ("T产业工人队伍建设改革", "T产改", True),
        ("R产业工人队伍", "R产业工人", True),
        ("R高技能人才", "R技能人才", False),
        ("NC919大型客机", "NC919", True),
        ("NC919大型客机的主起落架锻件", "NC919", False),
    ],
)
def test_a_short_name_is_joined_by_the_structure_of_the_fuller_one(full, short, same):
    places = "【L重庆】、【L福州】、【L湛江】、【L阳江】、【L福州市】、【L阳江市】、【L西藏】"
    text = f"{places}有消息。【{full}】来了，【{short}】也来了。"
    found = [e for e in resolve(text) if e.type != "Place"]

    assert len(found) == (1 if same else 2)
    assert found[0].name == full[1:]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("福州市", "福州", True),
        ("湖北省", "湖北", True),
        ("南岸区", "南岸", True),
        ("大理白族自治州", "大理", True),
        ("广西壮族自治区", "广西", True),
        ("雄安新区", "雄安", True),
        ("兰州新区", "兰州", False),
        ("湘潭县", "湘潭", False),
        ("佛山市南海区", "南海区", True),
        ("香港", "港", True),
        ("长白山", "白山", False),
    ],
)
def test_a_place_is_one_with_and_without_its_level(one, other, same):
    assert len(resolve(f"从【L{one}】到【L{other}】的人很多。")) == (1 if same else 2)


def test_a_bare_place_is_the_one_of_the_highest_level():
    assert names("【L长安镇】属于【L长安区】吗？【L长安】人说是。", "L") == [{"长安镇"}, {"长安区", "长安"}]


def test_years_and_ordinals_keep_events_apart():
    text = "【K第五届全国技能大赛】、【K第六届全国技能大赛】、【K全国技能大赛】。【E2023年读书节】、【E2024年读书节】。"

    assert len(names(text)) == 5


def test_a_short_name_that_two_entities_fit_is_joined_to_neither():
    text = "【U【L长沙市】总工会】和【U【L岳阳市】总工会】都来了，【U市总工会】说好。"

    assert names(text) == [{"长沙市总工会"}, {"岳阳市总工会"}, {"市总工会"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("推进【T产业工人队伍建设改革】（以下简称“产改”）。产改很好。", {"产业工人队伍建设改革", "产改"}),
        (
            "印发《【D职工技能提升三年行动方案】》（渝工发〔2024〕3号，以下简称《方案》）。",
            {"职工技能提升三年行动方案", "方案"},
        ),
        ("【O世界气象组织】（WMO）发布消息，WMO说。", {"世界气象组织", "WMO"}),
        ("【O联合国粮食及农业组织】（粮农组织，FAO）与会。", {"联合国粮食及农业组织", "粮农组织", "FAO"}),
        ("【A水仙花文化研究会】，又称“水仙会”，成立了。", {"水仙花文化研究会", "水仙会"}),
        ("【N22号线】也叫平谷线，自东向西。", {"22号线", "平谷线"}),
        ("【C恒聚装备公司】（曾用名“吉热装备”，下称“恒聚”）中标。", {"恒聚装备公司", "吉热装备", "恒聚"}),
        ("【C沈阳飞机工业集团】（沈飞）招工。", {"沈阳飞机工业集团", "沈飞"}),
        ("【C衡信生物公司】（以下简称“衡信”或“公司”）公告。", {"衡信生物公司", "衡信"}),
        ("【C恒聚公司】（2019年成立，员工300人）中标。", {"恒聚公司"}),
    ],
)
def test_a_definition_gives_an_alias_that_nothing_recognized(text, expected):
    assert names(text) == [expected]


def test_a_defined_name_is_found_wherever_it_stands_again():
    (entity,) = resolve("推进【T产业工人队伍建设改革】（以下简称“产改”）。今年产改提速。")

    assert [(m.text, m.kind, m.rule) for m in entity.mentions] == [
        ("产业工人队伍建设改革", "name", "test"),
        ("产改", "alias", "definition"),
        ("产改", "alias", "repeated"),
    ]


def test_names_are_found_again_but_not_inside_words_or_other_names():
    text = "【P平安】在【L海珠区】工作。平安说，【W海珠区总站】的人都平平安安。海珠区很大。"
    found = [(m.text, m.rule) for e in resolve(text) if e.type in {"Person", "Place"} for m in e.mentions]

    assert found == [("平安", "test"), ("平安", "repeated"), ("海珠区", "test"), ("海珠区", "repeated")]


def test_people_are_one_by_title_and_familiar_form():
    text = "【P孔正钢】是师傅。孔师傅很好，老孔笑了。【P祖丽胡玛尔·玉山】来了，祖丽胡玛尔也笑了。"

    assert names(text) == [{"孔正钢", "孔师傅", "老孔"}, {"祖丽胡玛尔·玉山", "祖丽胡玛尔"}]


def test_a_form_of_address_that_two_people_share_is_sought_for_neither():
    assert names("【P李明】和【P李强】来了。李师傅笑了。") == [{"李明"}, {"李强"}]


def test_a_wording_has_the_class_that_is_best_supported():
    (entity,) = resolve("【C长安】发布新车，【C长安】说，【L长安】卖得好。")

    assert (entity.type, len(entity.mentions)) == ("Company", 3)


def test_a_person_and_a_place_of_one_wording_stay_apart_where_fuller_names_claim_them():
    text = "【L平安区】的【P马平安】说：“【L平安】是好地方。”【P平安】笑了，【L平安】也下雪了。"

    assert names(text, "PL") == [{"平安区", "平安"}, {"马平安", "平安"}]


def test_a_bare_noun_is_no_name():
    assert names("【C公司】和【S学院】开了【E会议】，【C长安汽车】到会。") == [{"长安汽车"}]


def test_enclosing_quotes_are_no_part_of_a_name():
    assert resolve("举办【E“劳模工匠助企行”】。")[0].name == "劳模工匠助企行"


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("【P李明】是焊工。他今年30岁。", "他", ["李明"]),
        ("【P李明】对【P王强】说，他要走了。", "他", ["李明"]),
        ("【P张兰】，女，是焊工，【P李明】是她的徒弟，她很严。", "她", ["张兰", "张兰"]),
        ("“我干了三十年焊工。”【P李明】说。", "我", ["李明"]),
        ("【P李明】坦言：“我也怕输，真的怕。”", "我", ["李明"]),
        ("记者：累吗？\n【P李明】：我不累。", "我", ["李明"]),
        ("【C长安汽车】发布新车。该公司去年盈利。", "该公司", ["长安汽车"]),
        ("【C长安汽车】发布新车。去年，公司盈利。", "公司", ["长安汽车"]),
        ("【S重庆工匠学院】挂牌。目前，学院有学员300人。", "学院", ["重庆工匠学院"]),
        ("【K第三届职工技能大赛】开幕。本届大赛设三个项目。", "本届大赛", ["第三届职工技能大赛"]),
        ("【L福州】很美。市里出台了办法。", "市里", ["福州"]),
        ("【C长安汽车】与【S重庆大学】签约，后者将培训员工。", "后者", ["重庆大学"]),
        ("【S大理大学】获奖。产品均非我校所出。", "我校", ["大理大学"]),
        ("来了三家公司。【C长安汽车】没来，两家分包公司也没来。", "公司", []),
        ("其他人都走了，吉他也坏了。【P李明】没走。", "他", []),
        ("明天全国人民都休息。", "他", []),
    ],
)
def test_a_pronoun_or_bare_noun_stands_for_the_entity_before_it(text, word, expected):
    assert meant(text, word) == expected


def test_a_quoted_he_is_not_the_speaker():
    assert meant("【P王强】得了奖。“他比我强多了，真的。”【P李明】说。", "他") == ["王强"]


def test_pronouns_and_bare_nouns_are_never_aliases():
    entity = resolve("【C长安汽车】发布新车。该公司去年盈利，公司说。")[0]

    assert entity.aliases == ()
    assert [m.kind for m in entity.mentions] == ["name", "pronoun", "pronoun"]


def test_people_and_medium_of_the_bylines_are_entities():
    text = "来源：福州日报\n【P李明】是焊工。\n（记者 郑可心）\n（李明 摄）"
    document, mentions = recognized(text)

    def field(words: str) -> Field:
        begin = document.text.rindex(words)
        return Field(words, Span(begin, begin + len(words)))

    metadata = Metadata(
        publisher=field("福州日报"),
        authors=(field("郑可心"),),
        photographers=(field("李明"),),
        editors=(Field("王某", None),),
    )
    entities = RESOLVE(SEGMENT(replace(document, metadata=metadata)), mentions)

    assert [(e.type, e.name, [(m.kind, m.text) for m in e.mentions]) for e in entities] == [
        ("Media", "福州日报", [("metadata", "福州日报")]),
        ("Person", "李明", [("name", "李明"), ("metadata", "李明")]),
        ("Person", "郑可心", [("metadata", "郑可心")]),
    ]


PIECES = [
    "【U【L重庆市】总工会】",
    "【U市总工会】",
    "（以下简称“市总”）",
    "【P李明】",
    "老李",
    "【C长安汽车有限公司】",
    "长安汽车",
    "该公司",
    "公司",
    "他",
    "“我来说一句。”",
    "说：",
    "【L重庆】",
    "【E“求学圆梦”行动】",
    "，",
    "。",
    "\n",
    "举办了",
    "(WMO)",
    "市里",
    "后者",
    "我会",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.randoms())
@settings(max_examples=150, deadline=None)
def test_whatever_is_recognized_the_entities_hold_together(marked, random):
    document, mentions = recognized(marked)
    cut = SEGMENT(document)
    entities = RESOLVE(cut, mentions)
    shuffled = list(mentions)
    random.shuffle(shuffled)

    assert [e.id for e in entities] == [f"e{n}" for n in range(1, len(entities) + 1)]
    assert [e.mentions[0].span.begin for e in entities] == sorted(e.mentions[0].span.begin for e in entities)
    found = [m for e in entities for m in e.mentions]
    assert all(m.text == m.span.of(document.text) and m.document == "d" for m in found)
    assert len({m.span for m in found}) == len(found)
    assert {m.span for m in mentions} <= {m.span for m in found}
    assert all(e.name in document.text and e.name not in e.aliases for e in entities)
    assert all(list(e.mentions) == sorted(e.mentions, key=lambda m: (m.span.begin, -m.span.end)) for e in entities)
    assert RESOLVE(cut, shuffled) == entities


@pytest.mark.skipif(not GOLD.exists(), reason="the annotated development documents are not beside this checkout")
def test_names_of_annotated_documents_come_together_and_others_stay_apart():
    right = wrong = 0
    for path in gold_files(GOLD):
        gold = read_gold(path)
        owner = {m.span: e.id for e in gold.entities for m in e.mentions}
        mentions = [replace(m, kind="name") for e in gold.entities for m in e.mentions]
        for entity in RESOLVE(SEGMENT(gold.document), sorted(mentions, key=lambda m: (m.span.begin, -m.span.end))):
            ids = [owner[m.span] for m in entity.mentions if m.span in owner]
            right += len(ids) - len(set(ids))
            wrong += len(set(ids)) - 1 if ids else 0

    assert wrong == 0
    assert right > 150


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("他是【L山东】【L菏泽】人。", {"菏泽", "山东菏泽"}),
        ("【L南宁】【L五象新区】开工。", {"五象新区", "南宁五象新区"}),
        ("【L【L南宁】五象新区】开工。", {"五象新区", "南宁五象新区"}),
        ("【S【L以色列】希伯来大学】来访。", {"希伯来大学", "以色列希伯来大学"}),
        ("【U【L宿迁】泗洪县总工会】来访。", {"泗洪县总工会", "宿迁泗洪县总工会"}),
        ("【U【L山西】省总工会】来访。", {"山西", "山西省"}),
    ],
)
def test_a_name_is_known_with_and_without_the_place_before_it(text, wanted):
    assert wanted in [set(e.names) for e in resolve(text)]


@pytest.mark.parametrize(
    "text",
    [
        "【S【L武汉】理工大学】来访。",
        "【G【L哈尔滨】市财政局】来访。",
        "【G【L兰州】新区管委会】来访。",
        "【U【L重庆】市总工会】来访。",
        "来自【L重庆】的【P李明】、【L菏泽】，【C长安汽车】。",
    ],
)
def test_what_is_left_without_the_place_is_no_name_where_it_is_generic_or_stands_apart(text):
    others = {"理工大学", "财政局", "新区管委会", "总工会", "重庆李明", "菏泽长安汽车"}
    assert not others & {name for e in resolve(text) for name in e.names}


def test_of_several_unions_the_one_named_last_before_is_meant():
    text = "【U【L长沙市】总工会】办了焊工培训班。后来【U【L岳阳市】总工会】也办了班，【U市总工会】说好。"

    assert {"岳阳市总工会", "市总工会"} in names(text)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("【P佟丽君】是焊工，年轻人都喊她“佟一刀”。", {"佟丽君", "佟一刀"}),
        ("【P霍逸韬】今年三十七岁，人称“【P霍一刀】”。", {"霍逸韬", "霍一刀"}),
        ("【P佟丽君】是焊工，年轻人都喊她“老师傅”。", {"佟丽君"}),
        ("【S中卫铁路机械学校】办了班，后更名【S江海学院】。", {"中卫铁路机械学校", "江海学院"}),
        ("【L岱海】是湖，又称“【L岱嘎淖尔】”。", {"岱海", "岱嘎淖尔"}),
        ("【P埃莱娜·布瓦松】（Hélène Buisson）来了。", {"埃莱娜·布瓦松", "Hélène Buisson"}),
        (
            "【C通用技术齐齐哈尔二机床有限责任公司】（即【C齐二机床】）说。",
            {"通用技术齐齐哈尔二机床有限责任公司", "齐二机床"},
        ),
    ],
)
def test_a_name_that_the_text_gives_is_a_name_of_what_it_is_given_to(text, entity):
    assert entity in names(text, [*CLASSES])


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("【C卓亚电器配件厂】接了单，【C卓亚】说好。", {"卓亚电器配件厂", "卓亚"}),
        ("【L衢山岛】有工会，【L衢山】的工人来了。", {"衢山岛", "衢山"}),
        ("【W棠记传习所】收徒，【W传习所】招生。", {"棠记传习所", "传习所"}),
        ("【P次仁央宗】来了，【P央宗】笑了。", {"次仁央宗", "央宗"}),
        ("【C捷诺液压股份有限公司】投产，捷诺卖出阀件。", {"捷诺液压股份有限公司", "捷诺"}),
        ("【C宏华石油设备有限公司】招工，【P宏华】过去招不到人。", {"宏华石油设备有限公司", "宏华"}),
        ("会议在“【B匠学云】”小程序开，【B匠学云】上线。", {"匠学云", "“匠学云”小程序"}),
        ("“梦工场”开了，【W狮山梦工场】很好。", {"狮山梦工场", "梦工场"}),
        ("【L南宁】很热，大会在邕召开。", {"南宁", "邕"}),
        ("他在【L佛山市】【L南海区】【L狮山镇】工作。", {"狮山镇", "南海区狮山镇", "佛山市南海区狮山镇"}),
    ],
)
def test_a_short_form_is_a_name_of_what_the_text_names_in_full(text, entity):
    assert any(entity <= found for found in names(text, [*CLASSES])), names(text, [*CLASSES])


@pytest.mark.parametrize(
    "text",
    [
        "【C比亚迪】说好，【C比亚迪坪山工厂】投产。",
        "【S稀土工匠学院】挂牌，【S工匠学院】共十所。",
        "【L重庆高新区】办了班，【L重庆】说好。",
        "【C宏华石油设备有限公司】招工，【P李宏华】来了。",
    ],
)
def test_what_begins_or_ends_a_name_may_be_another_thing(text):
    assert len(resolve(text)) == 2


def test_a_post_behind_a_firm_is_the_post_alone():
    text = "【C陕西群力电工有限责任公司】牵头，群力电工钳工李明来了。"
    document, mentions = recognized(text)
    at = document.text.index("群力电工钳工")
    role = Mention("d", Span(at, at + 6), "群力电工钳工", "Role", "name", "test", 0.9)

    found = RESOLVE(SEGMENT(document), sorted([*mentions, role], key=lambda m: m.span.begin))

    assert [e.names for e in found if e.type == "Role"] == [("钳工",)]
    assert any("群力电工" in e.names for e in found if e.type == "Company")
