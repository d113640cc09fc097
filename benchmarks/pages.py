"""Wraps an article in a page as Arabic news sites serve it, for timing extraction.

Everything around the article (outlets, headlines, readers' comments) is made up. Sizes and the
count of elements follow pages as served: 30-120 KB with 300-1,100 elements, of which the article
is a tenth to a third. ``bare`` is the small page (about 8 KB) of a site with next to no chrome.

    python benchmarks/pages.py ARTICLES.jsonl FOLDER      writes each article in every theme
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

HEADLINES = (
    "مجلس البلدية يناقش خطة النقل العام في جلسة مفتوحة",
    "ارتفاع أسعار الخضار في أسواق الجملة مع بداية الموسم",
    "انطلاق مهرجان المسرح الجامعي بمشاركة اثنتي عشرة فرقة",
    "أمطار غزيرة على السواحل وتحذيرات من تشكل السيول",
    "افتتاح جسر جديد يربط ضفتي الوادي بعد ثلاث سنوات من العمل",
    "منتخب الشباب يتأهل إلى الدور الثاني بعد فوز صعب",
    "دراسة: النوم المبكر يحسن التحصيل الدراسي لدى الأطفال",
    "شركة محلية تطلق أول حافلة كهربائية مصنعة في البلاد",
    "لجنة التعليم تعلن مواعيد امتحانات الدورة الصيفية",
    "معرض الكتاب يستقبل نصف مليون زائر في أيامه الأولى",
    "تعليق الرحلات في مطار العاصمة بسبب الضباب الكثيف",
    "حملة لتنظيف الشواطئ بمشاركة مئات المتطوعين",
    "اتفاق بين نقابة الأطباء والوزارة بعد أسبوعين من الإضراب",
    "اكتشاف موقع أثري يعود إلى العصر البرونزي شمال المدينة",
    "البنك المركزي يبقي سعر الفائدة من دون تغيير",
    "جامعة الساحل تفتح باب القبول في برنامج الذكاء الاصطناعي",
    "إطلاق خط ساخن لشكاوى المستهلكين على مدار الساعة",
    "توقف ضخ المياه في أحياء عدة لأعمال الصيانة",
    "رواية جديدة للكاتبة ليلى المرابط تصل إلى القائمة القصيرة",
    "مزارعو الزيتون يتوقعون موسما وفيرا هذا العام",
)
SECTIONS = (
    "الأولى",
    "محليات",
    "عربي ودولي",
    "اقتصاد",
    "رياضة",
    "ثقافة وفن",
    "منوعات",
    "رأي",
    "صحة",
)
SECTIONS += ("علوم وتكنولوجيا", "فيديو", "صور", "تحقيقات", "سياحة وسفر", "سيارات", "مجتمع")
COMMENTS = (
    "شكرا على الخبر، نتمنى أن تصل هذه الخدمة إلى القرى أيضا.",
    "كلام جميل، لكن المهم هو التنفيذ على أرض الواقع.",
    "هذا الموضوع طرح قبل سنوات ولم يتغير شيء للأسف.",
    "أين كانت اللجنة عندما اشتكى الناس في الشتاء الماضي؟",
    "الله يوفق الجميع لما فيه خير البلد.",
)
READERS = ("أبو كريم", "سلمى", "متابع من بعيد", "د. نادر", "أم ليان")
TAGS = ("أخبار", "عاجل", "المدينة", "نقل", "خدمات", "اقتصاد", "مجتمع")
SHARE = ("فيسبوك", "تويتر", "واتساب", "تيلقرام", "مشاركة عبر البريد", "طباعة")


@dataclass(frozen=True, slots=True)
class PageArticle:
    """What a page is made of: a title, paragraphs, an ISO date and the outlet's name."""

    title: str
    paragraphs: tuple[str, ...]
    date: str = "2024-05-14T09:30:00+00:00"
    outlet: str = "صحيفة المرسى"
    author: str = "هالة السرحان"

    @classmethod
    def from_json(cls, row: dict[str, object]) -> PageArticle:
        """From a JSONL row with ``title`` and ``text`` (paragraphs end with a newline)."""
        lines = [line for line in str(row.get("text") or "").split("\n") if line.strip()]
        return cls(str(row.get("title") or ""), tuple(lines))


def make_page(article: PageArticle, theme: str, seed: int = 0) -> str:
    """The HTML of ``article`` in one of ``THEMES``; the same seed gives the same page.

    Raises ``KeyError`` for a theme that is not there.
    """
    return THEMES[theme](article, random.Random(f"{theme}{seed}"))


def _address(rng: random.Random, headline: str) -> str:
    return f"https://marsa-news.example/{rng.randrange(10_000, 99_999)}/{quote(headline.replace(' ', '-'))}/"


def _paragraphs(article: PageArticle) -> list[str]:
    return [f"<p>{escape(p, quote=False)}</p>" for p in article.paragraphs]


def _json_ld(article: PageArticle, url: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": article.date,
        "dateModified": article.date,
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "Organization", "name": article.outlet},
        "mainEntityOfPage": url,
        "image": ["https://marsa-news.example/uploads/2024/05/photo-1200x800.jpg"],
    }
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def _head(article: PageArticle, rng: random.Random, *, styles: int, scripts: int) -> str:
    url = _address(rng, article.title)
    title, lead = escape(article.title), escape((article.paragraphs or ("",))[0][:200])
    parts = [
        '<meta charset="utf-8">',
        f"<title>{title} - {escape(article.outlet)}</title>",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<link rel="canonical" href="{url}">',
        f'<meta name="description" content="{lead}">',
        f'<meta property="og:title" content="{title}">',
        f'<meta property="og:site_name" content="{escape(article.outlet)}">',
        f'<meta property="og:url" content="{url}">',
        '<meta property="og:type" content="article">',
        f'<meta property="og:description" content="{lead}">',
        f'<meta property="article:published_time" content="{article.date}">',
        f'<meta name="author" content="{escape(article.author)}">',
        '<meta property="og:image" content="https://marsa-news.example/uploads/photo.jpg">',
        _json_ld(article, url),
    ]
    parts += [
        f"<link rel='stylesheet' id='style-{n}-css' href='/assets/css/{rng.randrange(10**6)}.min.css?ver=6.{n}' media='all'>"
        for n in range(styles)
    ]
    if styles:
        parts.append(f"<style>{_css(rng, styles * 400)}</style>")
    parts += [f"<script>{_script(rng, 900)}</script>" for _ in range(scripts)]
    return "<head>\n" + "\n".join(parts) + "\n</head>"


def _css(rng: random.Random, size: int) -> str:
    rules: list[str] = []
    while sum(map(len, rules)) < size:
        name = f".w{rng.randrange(10**5)}"
        rules.append(
            f"{name}{{margin:0 {rng.randrange(30)}px;color:#{rng.randrange(2**24):06x};float:right}}"
        )
    return "".join(rules)


def _script(rng: random.Random, size: int) -> str:
    lines: list[str] = []
    while sum(map(len, lines)) < size:
        n = rng.randrange(10**6)
        lines.append(
            f'googletag.cmd.push(function(){{var s{n}=document.createElement("script");'
            f's{n}.async=true;s{n}.src="//ads.example/slot/{n}.js";if(a{n}<b&&c>1){{f(s{n});}}}});'
        )
    return "\n".join(lines)


def _ad(rng: random.Random) -> str:
    slot = rng.randrange(10**6)
    return (
        f'<div class="stream-item ad-slot" id="div-gpt-ad-{slot}"><script>{_script(rng, 200)}</script>'
        f'<noscript><a href="https://ads.example/c?{slot}"><img src="https://ads.example/i?{slot}" alt=""></a></noscript></div>'
    )


def _menu(rng: random.Random, css: str, submenus: int = 0) -> str:
    items = []
    for n, section in enumerate(SECTIONS):
        sub = ""
        if n < submenus:
            links = "".join(
                f'<li class="menu-item menu-item-{rng.randrange(10**4)}"><a href="/section/{quote(s)}">{s}</a></li>'
                for s in rng.sample(SECTIONS, 5)
            )
            sub = f'<ul class="sub-menu menu-sub-content">{links}</ul>'
        items.append(
            f'<li class="menu-item menu-item-type-taxonomy menu-item-{rng.randrange(10**4)}">'
            f'<a href="/section/{quote(section)}" title="{section}">{section}</a>{sub}</li>'
        )
    return f'<nav class="{css}" role="navigation"><ul class="menu">{"".join(items)}</ul></nav>'


def _card(rng: random.Random, css: str, *, teaser: bool = False) -> str:
    headline = rng.choice(HEADLINES)
    url = _address(rng, headline)
    text = f'<p class="post-excerpt">{rng.choice(HEADLINES)}&hellip;</p>' if teaser else ""
    return (
        f'<li class="{css}-item"><a class="post-thumb" href="{url}" aria-label="{headline}">'
        f'<img width="390" height="220" src="/uploads/2024/05/{rng.randrange(10**6)}-390x220.jpg" class="attachment-large" alt="{headline}" loading="lazy"></a>'
        f'<div class="{css}-details"><h3 class="post-title"><a href="{url}">{headline}</a></h3>{text}'
        f'<span class="date meta-item"><span class="fa fa-clock-o" aria-hidden="true"></span> منذ {rng.randrange(2, 23)} ساعات</span></div></li>'
    )


def _cards(rng: random.Random, heading: str, css: str, count: int, *, teaser: bool = False) -> str:
    cards = "".join(_card(rng, css, teaser=teaser) for _ in range(count))
    return (
        f'<div class="widget container-wrapper {css}"><div class="widget-title the-global-title">'
        f"<h4>{heading}</h4></div><ul class='posts-list-items'>{cards}</ul></div>"
    )


def _comments(rng: random.Random, count: int) -> str:
    rows = "".join(
        f'<li class="comment even" id="comment-{rng.randrange(10**5)}"><article class="comment-body"><footer class="comment-meta">'
        f'<b class="fn">{rng.choice(READERS)}</b> يقول: <time>قبل {rng.randrange(2, 9)} أيام</time></footer>'
        f'<div class="comment-content"><p>{rng.choice(COMMENTS)}</p></div><div class="reply"><a href="#respond">رد</a></div></article></li>'
        for _ in range(count)
    )
    form = (
        '<div id="respond" class="comment-respond"><h3 class="comment-reply-title">اترك تعليقاً</h3><form action="/comments" method="post">'
        '<p class="comment-notes">لن يتم نشر عنوان بريدك الإلكتروني.</p><textarea name="comment" rows="8"></textarea>'
        '<label for="author">الاسم *</label><input id="author" name="author"><input type="submit" value="إرسال التعليق"></form></div>'
    )
    return (
        f'<div id="comments" class="comments-area"><ol class="comment-list">{rows}</ol>{form}</div>'
    )


def _share(css: str) -> str:
    links = "".join(
        f'<a href="https://share.example/{n}" class="share-btn s{n}" rel="external noopener nofollow"><span class="icon"></span><span class="screen-reader-text">{name}</span></a>'
        for n, name in enumerate(SHARE)
    )
    return f'<div class="{css}"><span class="share-title">شاركها</span>{links}</div>'


def _tags(rng: random.Random) -> str:
    links = " ".join(f'<a href="/tag/{quote(t)}" rel="tag">{t}</a>' for t in rng.sample(TAGS, 4))
    return f'<div class="post-bottom-meta post-tags"><span>الوسوم</span> {links}</div>'


def _footer(rng: random.Random, css: str) -> str:
    return (
        f'<footer class="{css}"><div class="footer-widgets">{_cards(rng, "الأكثر مشاهدة", "timeline", 4)}'
        f"{_menu(rng, 'footer-nav')}</div><div class='copyright'>&copy; 2024 جميع الحقوق محفوظة</div>"
        f'<a id="go-to-top" class="go-to-top-button" href="#go-to-tie-body">زر الذهاب إلى الأعلى</a></footer>'
        f"<script>{_script(rng, 3000)}</script>"
    )


def _document(head: str, body_class: str, body: str) -> str:
    return f'<!DOCTYPE html>\n<html lang="ar" dir="rtl">\n{head}\n<body class="{body_class}">\n{body}\n</body>\n</html>\n'


def _bare(article: PageArticle, rng: random.Random) -> str:
    links = "".join(f'<a href="/{n}">{s}</a> ' for n, s in enumerate(SECTIONS[:6]))
    body = (
        f"<header>{links}</header><article><h1>{escape(article.title)}</h1>"
        f"<time datetime='{article.date}'>{article.date[:10]}</time>{''.join(_paragraphs(article))}</article>"
        f"<footer>{escape(article.outlet)}</footer>"
    )
    return _document(_head(article, rng, styles=0, scripts=0), "single", body)


def _wordpress(article: PageArticle, rng: random.Random) -> str:
    paragraphs = _paragraphs(article)
    middle = max(1, len(paragraphs) // 2)
    url = _address(rng, HEADLINES[3])
    also = f'<div id="inline-related-post" class="mag-box"><h3>مقالات ذات صلة</h3><ul><li><a href="{url}">{HEADLINES[3]}</a></li></ul></div>'
    entry = "".join(paragraphs[:middle]) + _ad(rng) + also + "".join(paragraphs[middle:])
    date = f'<span class="date meta-item tie-icon">{article.date[:10]}</span>'
    author = f'<span class="meta-author"><a href="/author/1" class="author-name">{escape(article.author)}</a></span>'
    post = (
        f'<article id="the-post" class="container-wrapper post-content"><header class="entry-header-outer"><nav id="breadcrumb"><a href="/">الرئيسية</a> / <a href="/local">محليات</a></nav>'
        f'<h1 class="post-title entry-title">{escape(article.title)}</h1><div class="post-meta">{author}{date}<span class="meta-reading-time">دقيقة واحدة</span></div></header>'
        f'<div class="featured-area"><figure class="single-featured-image"><img src="/uploads/photo.jpg" alt=""><figcaption>صورة من الأرشيف</figcaption></figure></div>'
        f'{_share("share-buttons share-buttons-top")}<div class="entry-content entry clearfix">{entry}{_tags(rng)}<p>اظهر المزيد</p></div>{_share("share-buttons share-buttons-bottom")}</article>'
        f'<div class="about-author container-wrapper"><h3 class="author-name">{escape(article.author)}</h3><p>محررة في قسم الأخبار المحلية.</p></div>'
    )
    side = "".join(
        (
            _cards(rng, "آخر الأخبار", "widget-posts", 8),
            _ad(rng),
            _cards(rng, "الأكثر قراءة", "widget-popular", 6, teaser=True),
            '<div class="widget mc4wp-form"><h4>اشترك في نشرتنا البريدية</h4><form><input type="email"><input type="submit" value="اشترك"></form></div>',
        )
    )
    body = (
        f'<div id="tie-container"><header id="theme-header">{_menu(rng, "top-nav")}{_menu(rng, "main-nav", 8)}{_ad(rng)}</header><div id="content" class="site-content container"><div class="main-content tie-col-md-8">{post}'
        f'{_cards(rng, "مقالات ذات صلة", "related-item", 6)}{_comments(rng, 4)}</div><aside class="sidebar tie-col-md-4">{side}</aside></div>{_footer(rng, "site-footer")}</div>'
    )
    return _document(_head(article, rng, styles=18, scripts=6), "rtl single single-post", body)


def _agency(article: PageArticle, rng: random.Random) -> str:
    lines = "".join(_paragraphs(article))
    body = (
        f'<div class="header-top">{_menu(rng, "navbar", 4)}</div><div class="container"><div class="row"><div class="col-md-9 news-details">'
        f'<h1>{escape(article.title)}</h1><div class="news-date"><i class="far fa-clock"></i> {article.date[:10]} | 09:30</div><div class="news-body">{lines}</div>'
        f"{_share('social')}{_tags(rng)}</div><div class='col-md-3'>{_cards(rng, 'آخر الأخبار', 'last-news', 10)}</div></div>"
        f"{_cards(rng, 'أخبار ذات صلة', 'related', 8)}</div>{_footer(rng, 'footer')}"
    )
    return _document(_head(article, rng, styles=8, scripts=3), "agency", body)


def _gulf(article: PageArticle, rng: random.Random) -> str:
    paragraphs = _paragraphs(article)
    pieces = []
    for n, paragraph in enumerate(paragraphs):
        pieces.append(f'<div class="field__item text-block" data-block="{n}">{paragraph}</div>')
        if n % 4 == 3:
            pieces.append(_ad(rng))
    body = (
        f'<header class="region-header"><div class="topbar">{_menu(rng, "block-menu", 12)}</div><div class="breaking">{_cards(rng, "عاجل", "ticker", 5)}</div></header>'
        f'<main role="main"><section class="section-content"><article class="node node--type-article" about="/node/{rng.randrange(10**6)}"><h1 class="page-title">{escape(article.title)}</h1>'
        f'<h2 class="sub-title">{rng.choice(HEADLINES)}</h2><div class="byline"><span class="writer">{escape(article.author)}</span> <span class="place">(المدينة)</span> <time datetime="{article.date}">{article.date[:10]}</time></div>'
        f'<div class="field field--name-body clearfix">{"".join(pieces)}</div>{_tags(rng)}{_share("share-block")}</article>{_comments(rng, 6)}</section>'
        f"<aside>{_cards(rng, 'الأكثر قراءة', 'most-read', 10)}{_cards(rng, 'مقالات الرأي', 'opinion', 8, teaser=True)}{_ad(rng)}</aside></main>{_cards(rng, 'قد يعجبك أيضا', 'taboola', 12)}{_footer(rng, 'region-footer')}"
    )
    return _document(
        _head(article, rng, styles=30, scripts=12), "path-node page-node-type-article", body
    )


def _portal(article: PageArticle, rng: random.Random) -> str:
    blocks = "".join(
        f'<div class="paragraph-wrapper" data-testid="p{n}"><div class="css-{rng.randrange(10**6)}">{p}</div></div>'
        for n, p in enumerate(_paragraphs(article))
    )
    state = json.dumps(
        {
            "page": {"title": article.title, "blocks": list(article.paragraphs)},
            "related": [
                {
                    "id": n,
                    "headline": rng.choice(HEADLINES),
                    "url": _address(rng, HEADLINES[n % 20]),
                }
                for n in range(20)
            ],
        },
        ensure_ascii=False,
    )
    state = state.replace("</", "<\\/")
    body = (
        f'<div id="__next"><div class="layout">{_menu(rng, "global-nav", 10)}<main id="main"><div class="article-header"><h1 id="content" tabindex="-1">{escape(article.title)}</h1><div class="meta"><time datetime="{article.date}">{article.date[:10]}</time></div></div>'
        f'<div class="article-body">{blocks}</div>{_share("tools")}{_tags(rng)}</main><section aria-label="المزيد">{_cards(rng, "قصص مقترحة", "promo", 14, teaser=True)}{_cards(rng, "الأكثر تداولا", "trending", 10)}</section></div>{_footer(rng, "site-foot")}</div>'
        f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'
    )
    return _document(_head(article, rng, styles=24, scripts=8), "portal", body)


#: Themes by name. ``bare`` stands for the small page; the rest are of realistic size.
THEMES: dict[str, Callable[[PageArticle, random.Random], str]] = {
    "bare": _bare,
    "wordpress": _wordpress,
    "agency": _agency,
    "gulf": _gulf,
    "portal": _portal,
}
REALISTIC = tuple(name for name in THEMES if name != "bare")


def main() -> None:
    """Writes each article of a JSONL file in every theme, one file a page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("articles", type=Path, help="JSONL, one article a line (title, text)")
    parser.add_argument("folder", type=Path, help="where the pages go")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    with args.articles.open(encoding="utf-8") as lines:
        for n, line in enumerate(lines):
            if line.strip():
                article = PageArticle.from_json(json.loads(line))
                for theme in THEMES:
                    page = args.folder / f"{n:05}-{theme}.html"
                    page.write_text(make_page(article, theme, n), encoding="utf-8")


if __name__ == "__main__":
    main()
