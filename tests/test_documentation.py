import re
import time
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer import documentation, markup, units
from dataviewer.sources import archive

# Written by reading the pages: title, start of the section Source, column -> (meaning, unit, title).
# A page's other columns may be documented; those of `SILENT` may not.
GOLDEN = {
    # Tables `[,1] name type meaning`
    "datasets/mtcars": (
        "Motor Trend Car Road Tests",
        "Henderson and Velleman (1981), Building multiple regression models interactively. Biometrics, 37, 391–411.",
        {
            "mpg": ("Miles/(US) gallon", "Miles/(US) gallon", "Miles/(US) gallon"),
            "disp": ("Displacement (cu.in.)", "cu.in.", "Displacement (cu.in.)"),
            "wt": ("Weight (lb/1000)", "lb/1000", "Weight (lb/1000)"),
            "am": ("Transmission (0 = automatic, 1 = manual)", "", "Transmission"),
            "carb": ("Number of carburetors", "", "Number of carburetors"),
        },
    ),
    "datasets/airquality": (
        "New York Air Quality Measurements",
        "The data were obtained from the New York State Department of Conservation (ozone data)",
        {
            "Ozone": ("Ozone (ppb)", "ppb", "Ozone (ppb)"),
            "Solar.R": ("Solar R (lang)", "lang", "Solar R (lang)"),
            "Wind": ("Wind (mph)", "mph", "Wind (mph)"),
            "Temp": ("Temperature (degrees F)", "degrees F", "Temperature (degrees F)"),
            "Month": ("Month (1–12)", "", "Month"),
        },
    ),
    "datasets/InsectSprays": (
        "Effectiveness of Insect Sprays",
        "Beall, G., (1942)",
        {"count": ("Insect count", "", "Insect count"), "spray": ("The type of spray", "", "Type of spray")},
    ),
    "datasets/attenu": (
        "The Joyner–Boore Attenuation Data",
        "Joyner, W.B., D.M. Boore and R.D. Porcella (1981).",
        {
            "dist": ("Station-hypocenter distance (km)", "km", "Station-hypocenter distance (km)"),
            "accel": ("Peak acceleration (g)", "g", "Peak acceleration (g)"),
        },
    ),
    "datasets/rock": (
        "Measurements on Petroleum Rock Samples",
        "Data from BP Research, image analysis by Ronit Katz, U. Oxford.",
        {
            "peri": ("perimeter in pixels", "pixels", "Perimeter (pixels)"),
            "shape": ("perimeter/sqrt(area)", "", "Perimeter/sqrt(area)"),
            "perm": ("permeability in milli-Darcies", "milli-Darcies", "Permeability (milli-Darcies)"),
        },
    ),
    "datasets/trees": (
        "Girth, Height and Volume for Black Cherry Trees",
        "Ryan, T. A., Joiner, B. L. and Ryan, B. F. (1976)",
        {
            "Girth": ("Tree diameter in inches", "inches", "Tree diameter (inches)"),
            "Height": ("Height in ft", "ft", "Height (ft)"),
            "Volume": ("Volume of timber in cubic ft", "cubic ft", "Volume of timber (cubic ft)"),
        },
    ),
    "datasets/women": (
        "Average Heights and Weights for American Women",
        "The World Almanac and Book of Facts, 1975.",
        {"height": ("Height (in)", "in", "Height (in)"), "weight": ("Weight (lbs)", "lbs", "Weight (lbs)")},
    ),
    "datasets/USArrests": (
        "Violent Crime Rates by US State",
        None,
        {
            "Murder": ("Murder arrests (per 100,000)", "per 100,000", "Murder arrests (per 100,000)"),
            "UrbanPop": ("Percent urban population", "percent", "Percent urban population"),
        },
    ),
    # Tables of their own kind: names second, several names in a cell, levels below each other, no index
    "datasets/attitude": (
        "The Chatterjee–Price Attitude Data",
        "Chatterjee, S. and Price, B. (1977)",
        {"rating": ("Overall rating", "", "Overall rating"), "critical": ("Too critical", "", "Too critical")},
    ),
    "datasets/anscombe": (
        "Anscombe's Quartet of ‘Identical’ Simple Linear Regressions",
        "Tufte, Edward R. (1989)",
        {
            "x1": ("the integers 4:14, specially arranged", "", None),
            "x3": ("the integers 4:14, specially arranged", "", None),
            "x4": ("values 8 and 19", "", "Values 8 and 19"),
            "y4": ("numbers in (3, 12.5) with mean 7.5 and sdev 2.03", "", None),
        },
    ),
    "datasets/esoph": (
        "Smoking, Alcohol and (O)esophageal Cancer",
        "Breslow, N. E. and Day, N. E. (1980)",
        {
            "agegp": ("Age group: 1 25–34 years; 2 35–44; 3 45–54; 4 55–64; 5 65–74; 6 75+", "", "Age group"),
            "ncases": ("Number of cases", "", "Number of cases"),
        },
    ),
    "datasets/stackloss": (
        "Brownlee's Stack Loss Plant Data",
        "Brownlee, K. A. (1960, 2nd ed. 1965)",
        {
            "Air.Flow": ("Flow of cooling air", "", "Flow of cooling air"),
            "Acid.Conc.": ("Concentration of acid [per 1000, minus 500]", "", "Concentration of acid"),
            "stack.loss": ("Stack loss", "", "Stack loss"),
        },
    ),
    "datasets/swiss": (
        "Swiss Fertility and Socioeconomic Indicators (1888) Data",
        "Project “16P5”, pages 549–551 in",
        {
            "Fertility": ("Ig, ‘common standardized fertility measure’", "", None),
            "Infant.Mortality": ("live births who live less than 1 year", "", "Live births who live less than 1 year"),
        },
    ),
    "datasets/HairEyeColor": (
        "Hair and Eye Color of Statistics Students",
        "http://euclid.psych.yorku.ca/ftp/sas/vcd/catdata/haireye.sas",
        {"Hair": ("Levels: Black, Brown, Red, Blond", "", "Hair"), "Sex": ("Levels: Male, Female", "", "Sex")},
    ),
    "datasets/PlantGrowth": (
        "Results from an Experiment on Plant Growth",
        "Dobson, A. J. (1983)",
        {"weight": ("numeric", "", "weight"), "group": ("factor", "", "group")},
    ),
    "cluster/animals": (
        "Attributes of Animals",
        "Leonard Kaufman and Peter J. Rousseeuw (1990)",
        {"war": ("warm-blooded", "", "Warm-blooded"), "gro": ("live in groups", "", "Live in groups")},
    ),
    "survival/pbc": (
        "Mayo Clinic Primary Biliary Cirrhosis Data",
        "T Therneau and P Grambsch (2000)",
        {
            "age": ("in years", "years", "age (years)"),
            "albumin": ("serum albumin (g/dl)", "g/dl", "Serum albumin (g/dl)"),
            "alk.phos": ("alkaline phosphotase (U/liter)", "U/liter", "Alkaline phosphotase (U/liter)"),
            "edema": (
                "0 no edema, 0.5 untreated or successfully treated; 1 edema despite diuretic therapy",
                "",
                None,
            ),
            "sex": ("m/f", "", None),
        },
    ),
    "survival/mgus": (
        "Monoclonal gammapothy data",
        "Mayo Clinic data courtesy of Dr. Robert Kyle.",
        {
            "age": ("age in years", "years", "Age (years)"),
            "sex": ("male or female", "", "Male or female"),
            "death": ("1= follow-up is until death", "", None),
        },
    ),
    "survival/colon": (
        "Chemotherapy for Stage B/C colon cancer",
        "",
        {
            "study": ("1 for all patients", "", "study"),
            "age": ("in years", "years", "age (years)"),
            "surg": ("time from surgery to registration (0=short, 1=long)", "", "Time from surgery to registration"),
        },
    ),
    # Several datasets on one page
    "survival/bladder": (
        "Bladder Cancer Recurrences",
        "Andrews DF, Hertzberg AM (1985)",
        {
            "rx": ("Treatment 1=placebo 2=thiotepa", "", "Treatment"),
            "size": ("size (cm) of largest initial tumour", "cm", "Size of largest initial tumour (cm)"),
            "stop": ("recurrence or censoring time", "", "Recurrence or censoring time"),
            "enum": ("which recurrence (up to 4)", "", "Which recurrence"),
        },
    ),
    "survival/heart": (
        "Stanford Heart Transplant data",
        "J Crowley and M Hu (1977)",
        {
            "stop": ("Entry and exit time and status for this interval of time", "", None),
            "age": ("age-48 years", "", "Age-48 years"),
            "transplant": ("received transplant 1=yes", "", "Received transplant"),
        },
    ),
    "texmex/rain": ("Rain, wavesurge and portpirie datasets.", "Copied from the ismev package.", {}),
    # Definition lists
    "MASS/Boston": (
        "Housing Values in Suburbs of Boston",
        "Harrison, D. and Rubinfeld, D.L. (1978)",
        {
            "crim": ("per capita crime rate by town", "", "Per capita crime rate by town"),
            "nox": ("nitrogen oxides concentration (parts per 10 million)", "parts per 10 million", None),
            "black": ("1000(Bk - 0.63)^2 where Bk is the proportion of blacks by town", "", "1000(Bk - 0.63)^2"),
            "medv": ("median value of owner-occupied homes in $1000s", "$1000s", None),
        },
    ),
    "Ecdat/Cigar": (
        "Cigarette Consumption",
        "Baltagi, B.H. and D. Levin (1992) “Cigarette taxation",
        {
            "pop16": ("population above the age of 16", "", "Population above the age of 16"),
            "cpi": ("consumer price index (1983=100)", "", "Consumer price index"),
        },
    ),
    "psych/bfi": (
        "25 Personality items representing 5 factors",
        "The items are from the ipip (Goldberg, 1999).",
        {
            "A1": ("Am indifferent to the feelings of others", "", None),
            "gender": ("Males = 1, Females =2", "", None),
            "age": ("age in years", "years", "Age (years)"),
        },
    ),
    "psych/msq": (
        "75 mood items from the Motivational State Questionnaire for 3896 participants",
        "Data collected at the Personality, Motivation, and Cognition Laboratory,",
        {"active": ("a numeric vector", "", "active")},
    ),
    # One item for several columns, by a placeholder
    "Ecdat/Car": (
        "Stated Preferences for Car Choice",
        "McFadden, Daniel and Kenneth Train (2000)",
        {
            "coml5": ("commulte lower than 5 miles a day ?", "", None),
            "price6": ("price of vehicule divided by the logarithme of income", "", None),
            "speed1": (
                "highest attainable speed in hundreds of mph",
                "hundreds of mph",
                "Highest attainable speed (hundreds of mph)",
            ),
        },
    ),
    "Ecdat/Catsup": (
        "Choice of Brand for Catsup",
        "Jain, Dipak C., Naufel J. Vilcassim and Pradeep K. Chintagunta (1994)",
        {
            "disp.heinz41": ("is there a display for brand z ?", "", None),
            "price.hunts32": ("price of brand z", "", "Price of brand z"),
        },
    ),
    "Ecdat/Train": (
        "Stated Preferences for Train Traveling",
        "Meijer, Erik and Jan Rouwendal (2005)",
        {
            "price1": (
                "price of proposition z (z=1,2) in cents of guilders",
                "cents of guilders",
                "Price of proposition z (cents of guilders)",
            ),
            "time2": ("travel time of proposition z (z=1,2) in minutes", "minutes", None),
            "choiceid": ("choice identifient", "", "Choice identifient"),
        },
    ),
    # Bullets
    "ggplot2/movies": (
        "Movie information and user ratings from IMDB.com.",
        "",
        {
            "length": ("Length in minutes", "minutes", "Length (minutes)"),
            "mpaa": ("MPAA rating", "", "MPAA rating"),
            "r1": ("Multiplying by ten gives percentile (to nearest 10%) of users who rated this movie a 1", "", None),
            # The item is of r1-10 and its text of 1: for r10 that would be untrue.
            "r10": (
                "Multiplying by ten gives percentile (to nearest 10%) of users who rated this movie a 10",
                "",
                None,
            ),
            "votes": ("Number of IMDB users who rated this movie", "", "Number of IMDB users who rated this movie"),
        },
    ),
    "ggplot2/mpg": (
        "Fuel economy data from 1999 and 2008 for 38 popular models of car",
        "",
        {
            "displ": ("engine displacement, in litres", "litres", "Engine displacement (litres)"),
            "drv": ("f = front-wheel drive, r = rear wheel drive, 4 = 4wd", "", "drv"),
            "cyl": ("number of cylinders", "", "Number of cylinders"),
        },
    ),
    "plyr/baseball": (
        "Yearly batting records for all major league baseball players",
        "",
        {"id": ("unique player id", "", "Unique player id"), "lg": ("league", "", "League")},
    ),
    "pscl/presidentialElections": (
        "elections for U.S. President, 1932-2012, by state",
        "David Leip's Atlas of U.S. Presidential Elections",
        {
            "state": ("name of state", "", "Name of state"),
            "demVote": ("percent of the vote for president won by the Democratic candidate", "percent", None),
        },
    ),
    "pscl/unionDensity": (
        "cross national rates of trade union density",
        "Pryor, Frederic. 1973.",
        {
            "left": (
                "an index tapping the extent to which parties of the left have controlled governments since 1919, "
                "due to Wilensky (1981)",
                "",
                None,
            ),
        },
    ),
    "Zelig/free1": (
        "Freedom of Speech Data",
        "",
        {
            "sex": ("1 for men and 0 for women", "", "sex"),
            "age": ("Age of respondent in years", "years", "Age of respondent (years)"),
            "y": ("Self assessment (see below)", "", "Self assessment"),
        },
    ),
    # Prose
    "Zelig/tobin": (
        "Tobin's Tobit Data",
        "J. Tobin, Estimation of relationships for limited dependent variables,",
        {
            "durable": ("Durable goods purchase", "", "Durable goods purchase"),
            "age": ("Age in years", "years", "Age (years)"),
            "quant": ("Liquidity ratio (x 1000)", "", "Liquidity ratio"),
        },
    ),
    "Zelig/PErisk": (
        "Political Economic Risk Data from 62 Countries in 1987",
        "Mike Alvarez, Jose Antonio Cheibub, Fernando Limongi, and Adam Przeworsk",
        {"barb2": ("the natural log of the black market premium in each country", "", None)},
    ),
    # A vector or a series: the page is the column's item
    "datasets/AirPassengers": (
        "Monthly Airline Passenger Numbers 1949-1960",
        "Box, G. E. P., Jenkins, G. M. and Reinsel, G. C. (1976)",
        {"AirPassengers": ("Monthly Airline Passenger Numbers 1949-1960", "", None)},
    ),
    "MASS/DDT": ("DDT in Kale", "C. E. Finsterwalder (1976)", {"x": ("DDT in Kale", "", "DDT in Kale")}),
    # Nothing said of any column, or of other data's
    "datasets/iris": ("Edgar Anderson's Iris Data", "Fisher, R. A. (1936)", {}),
    "datasets/volcano": ("Topographic Information on Auckland's Maunga Whau Volcano", "Digitized from a", {}),
    "gap/crohn": ("Crohn's disease data", "MJ Daly, JD Rioux, SF Schaffner, TJ Hudson, ES Lander (2001)", {}),
    "Zelig/MatchIt.url": ("Table of links for Zelig", "", {}),
    "KMsurv/lung": ("data from Exercise 4.4, p120", "Klein and Moeschberger (1997)", {}),
    "car/Mroz": ("U.S. Women's Labor-Force Participation", "Mroz, T. A. (1987)", {}),
    "boot/channing": ("Channing House Data", "The data were obtained from", {}),
    "HSAUR/respiratory": ("Respiratory Illness Data", None, {}),
}
SILENT = {
    "datasets/attitude": {"advance"},
    "datasets/AirPassengers": {"time"},
    "datasets/HairEyeColor": {"Freq"},
    "ggplot2/mpg": {"manufacturer", "model", "year"},
    "survival/bladder": {"event"},
    "survival/colon": set(),
    "plyr/baseball": {"stint"},
    "Zelig/free1": {"v1", "v2", "v3", "v4", "v5", "v6"},
}


@pytest.fixture(scope="module")
def pages() -> dict[str, tuple[str, list[str]]]:
    """Each dataset's help page and the names of its columns; R's row names are no column."""
    found = archive.entries(archive.archive_path())
    return {entry.id: (entry.doc.decode(), archive.quoted_columns(entry.csv)[0][1:]) for entry in found}


@pytest.fixture(scope="module")
def parsed(pages) -> dict[str, documentation.Documentation]:
    return {id: documentation.parse(*page, id.rpartition("/")[2]) for id, page in pages.items()}


def told(html: str, *names: str, dataset: str = "") -> dict[str, str]:
    columns = documentation.parse(f"<h3>Format</h3>{html}", names, dataset).columns
    return {name: column.meaning for name, column in columns.items()}


def texts(blocks) -> list[str]:
    return [block.text for block in blocks]


@pytest.mark.parametrize("id", GOLDEN)
def test_a_page_says_what_a_reader_finds_in_it(parsed, id):
    title, source, columns = GOLDEN[id]
    page = parsed[id]
    assert page.title == title
    if source is not None:
        assert " ".join(texts(page.source)).startswith(source)
        assert bool(page.source) == bool(source)
    for name, (meaning, unit, short) in columns.items():
        assert (page.columns[name].meaning, page.columns[name].unit) == (meaning, unit)
        assert short is None or page.columns[name].title == short
    if not columns:
        assert page.columns == {}
    assert SILENT.get(id, set()) & set(page.columns) == set()


def test_three_quarters_of_the_columns_are_documented(pages, parsed):
    columns = sum(len(names) for _, names in pages.values())
    assert columns == 5613
    assert sum(len(page.columns) for page in parsed.values()) >= 0.75 * columns
    assert sum(len(parsed[id].columns) == len(names) for id, (_, names) in pages.items()) >= 575


def test_no_page_holds_markup_or_a_link_elsewhere(parsed):
    for page in parsed.values():
        sections = [getattr(page, name) for name in documentation.FIELDS]
        spans = [span for blocks in sections for block in blocks for span in block.spans]
        assert not [
            span.text for span in spans if re.search(r"</?(p|td|dd|code|em|i|a|pre)\b[^<]*>|&\w+;", span.text, re.I)
        ]
        assert {span.href.partition(":")[0] for span in spans} <= {"", "http", "https"}


def test_every_meaning_is_one_line_and_every_title_fits(parsed):
    for page in parsed.values():
        for column in page.columns.values():
            assert 0 < len(column.meaning) <= documentation.MEANING_MAX
            assert 0 < len(column.title) <= units.TITLE_MAX
            assert "\n" not in column.meaning + column.title
            assert column.meaning == column.meaning.strip()


@pytest.mark.parametrize(
    ("html", "names", "expected"),
    [
        ("<dl><dt>x, y</dt><dd>coordinates</dd></dl>", ("x", "y"), {"x": "coordinates", "y": "coordinates"}),
        ("<dl><dt>V1-V3</dt><dd>bands</dd></dl>", ("V1", "V2", "V3"), dict.fromkeys(("V1", "V2", "V3"), "bands")),
        ("<dl><dt>V1 to V2</dt><dd>bands</dd></dl>", ("V1", "V2"), {"V1": "bands", "V2": "bands"}),
        ("<dl><dt>q1, ..., q3</dt><dd>items</dd></dl>", ("q1", "q2", "q3"), dict.fromkeys(("q1", "q2", "q3"), "items")),
        ("<dl><dt><code>a.b</code>:</dt><dd>sum</dd></dl>", ("A_B",), {"A_B": "sum"}),
        (
            "<ul><li><b>age</b> &mdash; in years</li><li>sex = male</li></ul>",
            ("age", "sex"),
            {"age": "in years", "sex": "male"},
        ),
        ("<p>age: in years</p><p>&ldquo;sex&rdquo;: m or f</p>", ("age", "sex"), {"age": "in years", "sex": "m or f"}),
        ("<dl><dt>a</dt><dd>numeric, the length. More.</dd></dl>", ("a",), {"a": "the length"}),
        (
            "<dl><dt>a</dt><dd>The U.S. share, e.g. of Ohio vs. Iowa. More.</dd></dl>",
            ("a",),
            {"a": "The U.S. share, e.g. of Ohio vs. Iowa"},
        ),
    ],
)
def test_an_item_may_name_its_columns_in_many_ways(html, names, expected):
    assert told(html, *names) == expected


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<p>Note: see below</p>", ("Note", "x")),  # one such paragraph is prose
        ("<dl><dt>number of prior</dt><dd>births</dd></dl>", ("number",)),
        ("<dl><dt>1</dt><dd>male</dd><dt>2</dt><dd>female</dd></dl>", ("1", "2")),
        ("<dl><dt>a</dt><dd></dd></dl>", ("a",)),
        ("<dl><dt>ab</dt><dd>sum</dd></dl>", ("A.B", "a_b")),  # alike, but which?
        ("<dl><dt>p</dt><dd>1</dd><dt>q</dt><dd>2</dd><dt>age</dt><dd>3</dd></dl>", ("age", "b", "c")),
        ("<table><tr><td>No</td><td>Name</td><td>Levels</td></tr></table>", ("Name", "b")),
    ],
)
def test_no_column_gets_what_may_be_about_something_else(html, names):
    assert told(html, *names) == {}


def test_what_stands_inside_a_columns_item_explains_its_values():
    html = "<dl><dt>sex</dt><dd>of the cat<dl><dt>m</dt><dd>male</dd></dl></dd><dt>x</dt><dd>y</dd></dl>"
    assert told(html, "sex", "m", "x") == {"sex": "of the cat", "x": "y"}


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<dl><dt>a</dt><dd>numeric, the length. Of the <b>log</b>.</dd></dl>", "numeric, the length. Of the log."),
        (
            "<dl><dt>a</dt><dd><p>Sex.</p><ul><li>m = male</li><li>f = girl</li></ul><p>See <b>b</b>.</p></dd></dl>",
            "Sex.\nm = male\nf = girl\nSee b.",
        ),
        ("<dl><dt>a</dt><dd>Sex.<dl><dt>m</dt><dd>male</dd></dl></dd></dl>", "Sex.\nm: male"),
        ("<dl><dt>a</dt><dd>Sex.<table><tr><td>m</td><td>male</td></tr></table></dd></dl>", "Sex.\nm  male"),
        ("<dl><dt>a</dt><dd><i>log K</i><p>, a share</p></dd></dl>", "log K, a share"),
        ("<ul><li>a: Sex. Of the cat.<p>Twice.</p></li></ul>", "Sex. Of the cat.\nTwice."),
        (
            "<table><tr><td>a</td><td>0 no. Edema</td></tr><tr><td></td><td>1 yes</td></tr></table>",
            "0 no. Edema; 1 yes",
        ),
        (f"<dl><dt>a</dt><dd>{'word ' * 100}</dd></dl>", " ".join(["word"] * 100)),
    ],
)
def test_a_column_has_the_whole_text_of_its_item(html, text):
    assert documentation.parse(f"<h3>Format</h3>{html}", ("a",)).columns["a"].text == text


def test_no_item_is_told_without_end():
    text = documentation.parse(f"<h3>Format</h3><dl><dt>a</dt><dd>{'word ' * 5000}", ("a",)).columns["a"].text
    assert documentation.READ_MAX - 10 < len(text) <= documentation.READ_MAX
    assert text.endswith("word…")


def test_what_is_told_of_a_column_holds_its_meaning(parsed):
    columns = [(column.meaning, column.text) for page in parsed.values() for column in page.columns.values()]
    assert all(meaning.rstrip("…") in text for meaning, text in columns)
    assert sum(len(text) > len(meaning) + 3 for meaning, text in columns) > 300


@pytest.mark.parametrize(
    ("id", "column", "end"),
    [
        ("MASS/survey", "Smoke", '"Occas" (occasionally), "Never".)'),
        ("car/Ornstein", "nation", "CAN, Canada; OTH, other foreign; UK, Britain; US, United States."),
        ("Ecdat/Mofa", "nbaf", "(This variable is scaled by a factor of 1/100)"),
        ("boot/aml", "cens", "that is the length of remission is right-censored."),
    ],
)
def test_a_page_says_all_of_a_column(parsed, id, column, end):
    assert parsed[id].columns[column].text.endswith(end)


def test_of_two_lists_the_one_that_knows_more_columns_counts():
    html = "<dl><dt>a</dt><dd>theirs</dd></dl><dl><dt>a</dt><dd>ours</dd><dt>b</dt><dd>too</dd></dl>"
    assert told(html, "a", "b") == {"a": "ours", "b": "too"}


def test_of_two_lists_the_one_below_the_name_of_the_dataset_counts():
    hours = "<p><code>Sleep</code>: a data frame.</p><dl><dt>a</dt><dd>hours</dd></dl>"
    number = "<p><code>SleepN</code>: another.</p><dl><dt>a</dt><dd>number</dd><dt>b</dt><dd>number</dd></dl>"
    assert told(hours + number, "a", "b", dataset="Sleep") == {"a": "hours"}
    assert told(hours + number, "a", "b", dataset="SleepN") == {"a": "number", "b": "number"}
    bare = hours.replace("hours", "a numeric vector")
    assert told(bare + number, "a", "b", dataset="Sleep") == {"a": "number", "b": "number"}


def test_two_datasets_of_a_page_have_each_its_own_columns(parsed):
    sleep, counts = (parsed[f"HistData/CushnyPeebles{end}"].columns for end in ("", "N"))
    assert {column.meaning for column in sleep.values()} == {"mean hours of sleep"}
    assert {column.meaning for column in counts.values()} == {"number of observations"}


def test_format_keeps_what_is_not_a_column():
    page = documentation.parse("<h3>Format</h3><p>Two columns:</p><dl><dt>a</dt><dd>sum</dd></dl><p>End.</p>", ("a",))
    assert texts(page.format) == ["Two columns:", "End."]


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<p>This data frame contains the following columns:</p>", []),
        ("<p>A frame.</p><p>The columns are:</p>", ["A frame."]),
        ("<p>The frame has 24 rows and 2 columns:</p>", ["The frame has 24 rows and 2 columns:"]),
        ("<p>Sorted by age. The columns are:</p>", ["Sorted by age. The columns are:"]),
        ("<p>Some columns:</p><dl><dt>else</dt><dd>other</dd></dl>", ["Some columns:", "else: other"]),
    ],
)
def test_what_only_introduced_the_columns_goes_with_them(html, left):
    page = documentation.parse(f"<h3>Format</h3>{html}<dl><dt>a</dt><dd>sum</dd></dl>", ("a",))
    assert texts(page.format) == left


@pytest.mark.parametrize("after", ["", "<table><tr><td></td></tr></table>"])
def test_an_introduction_of_nothing_stays(after):
    page = documentation.parse(f"<h3>Format</h3><p>The columns are:</p>{after}", ("a",))
    assert texts(page.format) == ["The columns are:"]


HEAD = "<tr><td>No</td><td>Name</td><td>Levels</td></tr>"


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        (f"{HEAD}<tr><td>1</td><td>a</td><td>x, y</td></tr>", []),
        ("<tr><td>a</td><td>0 no</td></tr><tr><td></td><td>1 yes</td></tr>", []),
        (
            f"{HEAD}<tr><td>1</td><td>a</td><td>x</td></tr><tr><td>2</td><td>else</td><td>y</td></tr>"
            "<tr><td></td><td></td><td>z</td></tr>",
            ["No  Name  Levels\n2  else  y\nz"],
        ),
    ],
)
def test_rows_that_go_with_those_of_columns_leave_format_with_them(rows, left):
    assert texts(documentation.parse(f"<h3>Format</h3><table>{rows}</table>", ("a",)).format) == left


def test_no_head_and_no_second_line_is_left_of_a_table(parsed):
    assert parsed["survival/pbc"].format == ()
    assert len(parsed["vcd/HorseKicks"].format) == 1


@pytest.mark.parametrize(
    ("meaning", "unit", "title"),
    [
        ("Body mass in Kg", "Kg", "Body mass (Kg)"),
        ("wage, in 1975 dollars", "1975 dollars", "Wage (1975 dollars)"),
        ("log(household income in DM)", "", "Log(household income in DM)"),
        ("age in years divided by 10", "", "Age in years divided by 10"),
        ("1 if income in dollars is known", "", "name"),
        ("yield in pounds/plot", "", "Yield in pounds/plot"),
        ("multiple myeloma (MM)", "", "Multiple myeloma"),
        ("number of children in the household", "", "Number of children in the household"),
        ("share of x (%)", "%", "Share of x (%)"),
        ("in years", "years", "name (years)"),
        ("length of specimen (250, 300 mm)", "", "Length of specimen"),
        ("a factor with levels a b", "", "name"),
        ("rain in cubic metres times 1e+8", "", "Rain in cubic metres times 1e+8"),
        ("speed in miles per hour times 10", "", "Speed in miles per hour times 10"),
        ("weight in grams x 100", "", "Weight in grams x 100"),
        ("weight in kg squared", "", "Weight in kg squared"),
        ("log10 of weight in kg", "", "Log10 of weight in kg"),
        ("sine squared of latitude measured in degrees", "", "Sine squared of latitude measured in degrees"),
        ("pressure in inches of mercury", "", "Pressure in inches of mercury"),
        ("wage (in 1980 $) per hour", "", "Wage"),
    ],
)
def test_a_unit_is_taken_only_where_one_is_stated(meaning, unit, title):
    assert units.title_of("name", meaning) == (unit, title)


def test_a_bare_type_is_told_from_a_meaning():
    assert documentation.ColumnDoc("a numeric vector", "", "x").is_bare
    assert not documentation.ColumnDoc("a numeric vector of ages", "", "x").is_bare


def test_prose_becomes_blocks_of_text_and_links():
    html = """<h2>T &amp; U</h2><h3>Details</h3><p>See <a href="https://a.org/?b&amp;c">it</a>, <em>x</em><sub>2</sub>
    and <a href="../../stats/html/lm.html">lm</a>.</p><ul><li>one</li></ul><pre> a\n  b</pre>
    <table><tr><td>1</td><td></td><td>2</td></tr><tr><td>3</td></tr></table><dl><dt>k</dt><dd>v</dd></dl>"""
    page = documentation.parse(html, ())
    assert page.title == "T & U"
    assert [(block.kind, block.text) for block in page.details] == [
        ("paragraph", "See it, x2 and lm."),
        ("item", "one"),
        ("preformatted", " a\n  b"),
        ("preformatted", "1  2\n3"),
        ("item", "k: v"),
    ]
    assert [span for span in page.details[0].spans if span.href] == [markup.Span("it", "https://a.org/?b&c")]


HOSTILE = {
    "script": "<h3>Details</h3><script>alert(1)</script><p onclick='x()'>ok</p><style>p{}</style>",
    "split script": "<h3>Details</h3><scr<script>ipt>alert(1)</script>ok",
    "links": "<h3>Details</h3>"
    + "".join(f'<a href="{scheme}:x">ok</a>' for scheme in ("javascript", "data", "ftp", "httpx")),
    "disguised": '<h3>Details</h3><a href=" java\nscript:alert(1)">ok</a><a data-x="http://e" href="//e">ok</a>',
    "images": "<h3>Details</h3>ok<img src=x onerror=alert(1)><iframe src=http://e></iframe><svg/onload=x>",
    "marked section": "<h3>Details</h3>ok<![x y><!ELEMENT <?php",
    "number": f"<h3>Details</h3>ok&#{'9' * 5000};&#x110000;&#0;&#xD800;",
    "nothing": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_become_text(name):
    page = documentation.parse(HOSTILE[name], ("ok", "x"))
    spans = [span for block in page.details for span in block.spans]
    assert {span.href for span in spans} <= {""}
    assert all(span.text.isprintable() or "\n" in span.text or "\ufffd" in span.text for span in spans)
    assert name == "nothing" or "ok" in "".join(texts(page.details))
    assert name == "split script" or "alert(1)" not in "".join(texts(page.details))


LONG = {
    "text": "<h3>Format</h3><p>" + "word " * 1_000_000,
    "item": "<h3>Format</h3><dl><dt>a</dt><dd>" + "A. " * 1_600_000,
    "deep": "<h3>Format</h3>" + "<dl><dt>a<dd>" * 10_000 + "x" + "</dl>" * 10_000,
    "inline": "<h3>Format</h3>" + "<b><i>" * 10_000 + "a: b",
    "comments": "<h3>Format</h3>" + "<!--" * 1_000_000,
    "scripts": "<h3>Format</h3>" + "<script " * 500_000,
    "brackets": "<h3>Format</h3>" + "<" * 2_000_000,
    "name": "<h3>Format</h3><" + "a" * 5_000_000,
    "quotes": "<h3>Format</h3><a href=" + '"' * 5_000_000,
    "ranges": "<h3>Format</h3><dl>" + "<dt>V1-V9999</dt><dd>x</dd>" * 100_000,
    "rows": "<h3>Format</h3><table><tr><td>a<td>x" + "<tr><td><td>more" * 100_000,
    "bullets": "<h3>Format</h3><ul>" + "<li>a: b" * 200_000,
    "types": "<h3>Format</h3><dl><dt>a</dt><dd>" + "numeric " * 600_000,
    "brackets in items": "<h3>Format</h3><dl><dt>a</dt><dd>" + "( " * 2_000_000,
}


@pytest.mark.parametrize("name", LONG)
def test_long_pages_are_read_quickly(name):
    start = time.process_time()
    documentation.parse(LONG[name], ["a", *(f"V{number}" for number in range(200))])
    assert time.process_time() - start < 10


PARTS = "<h3> Format </h3> <dl> </dl> <dt> <dd> <table> <tr> <td> </td> <ul> <li> <p> <pre> </a> <!-- <a &#9; & < <!"
WORDS = "a : V1-V2 x , ... numeric in cm ( ) . per / 3"


@given(st.lists(st.sampled_from(f"{PARTS} {WORDS}".split())), st.text())
def test_broken_pages_never_raise(parts, text):
    page = documentation.parse(" ".join(parts) + text, ("a", "V1", "V2", text))
    assert set(page.columns) <= {"a", "V1", "V2", text}


def test_what_is_parsed_cannot_be_changed():
    page = documentation.parse("<h3>Format</h3><dl><dt>a</dt><dd>b</dd></dl>", ("a",))
    with pytest.raises(FrozenInstanceError):
        page.title = "x"
    with pytest.raises(TypeError):
        page.columns["b"] = page.columns["a"]


def test_a_page_is_printed_with_its_columns_under_format():
    page = (
        "<h2>Rain</h2><h3>Description</h3><p>Daily.</p><p>Twice.</p>"
        "<h3>Format</h3><p>A frame.</p><dl><dt>rain</dt><dd>Rain a day (mm)</dd></dl><h3>See Also</h3><p>wind</p>"
    )
    assert str(documentation.parse(page, ["rain"])) == "\n\n".join(
        ["Rain", "Description", "Daily.", "Twice.", "Format", "A frame.", "rain: Rain a day (mm)", "See also", "wind"]
    )


def test_no_page_is_printed_as_nothing():
    assert str(documentation.parse("", ["rain"])) == ""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (r"\log of the hourly mean", "log of the hourly mean"),  # robustbase/NOxEmissions
        (r"kg/(height in m)\^2", "kg/(height in m)^2"),  # MASS/Pima.tr
        (r"about 5\% of \$100", "about 5% of $100"),
        ("link{fa.extension}, link{x}", "fa.extension, x"),  # psych/Gorsuch
        (r"C:\logs and \unknown", r"C:\logs and \unknown"),
    ],
)
def test_what_rd_escapes_is_plain(written, told):
    assert markup.clean(written) == told


@pytest.mark.parametrize(
    ("text", "third"),
    [("who rated it a 1.", "who rated it a 3"), ("ratings from 1 to 3", "ratings from 1 to 3"), ("of 11", "of 11")],
)
def test_a_text_that_ends_in_the_first_number_of_a_range_is_another_for_each(text, third):
    html = f"<h3>Format</h3><dl><dt>r1-3</dt><dd>{text}</dd><dt>votes</dt><dd>all votes</dd></dl>"
    columns = documentation.parse(html, ["r1", "r2", "r3", "votes"]).columns
    assert (columns["r1"].meaning, columns["r3"].meaning) == (text.rstrip("."), third)
    assert columns["r3"].text.rstrip(".") == third
