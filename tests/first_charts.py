"""Which chart a demanding reader would want first, for 76 datasets: written by judgment from the data.

Each line was decided by looking at the rows and from what is known of the dataset, before any rule existed and
without one: where a rule and this table disagree, the rule has to give its reasons. The conventions:

* One clock column, rows in its order: a line of every measure (at most 12) over the clock.
* Units seen over a clock: a line of the first three measures for each unit (color); of more than 200 units the mean.
* A table of counts: bars of their sums; the first category on x, the second as color, the third, if short, as facet.
* One measure: a histogram; by a category of 2 to 30 levels a box for each level; by name, in at most 40 rows, a bar.
* Two measures: a scatter, the first on x. Three or more: a histogram of each.
* No measure: bars of the number of rows for each level of the first category.
* Identifiers, constants and 0/1 dummies are no measures; nor is a number of few distinct values, which is a category.

A comment says where an expectation deviates from them. `kind` and `x` are meant for certain everywhere; None in another
field says that several outcomes are equally right. Histograms and correlations name their columns in `y` and have no
`x`. An empty `kind` says that there is nothing to draw.
"""

from typing import NamedTuple


class Expected(NamedTuple):
    """The first chart of one dataset: its kind, and the columns in its roles."""

    id: str
    kind: str
    x: str = ""
    y: tuple[str, ...] | None = ()
    color: str | None = ""
    facet: str | None = ""
    agg: str | None = ""
    why: str = ""


TIME_SERIES = (
    Expected("datasets/AirPassengers", "line", "time", ("AirPassengers",), why="monthly series"),
    Expected("datasets/lh", "line", "time", ("lh",), why="a clock that only counts its steps"),
    Expected("datasets/WWWusage", "line", "time", ("WWWusage",), why="a clock that only counts its steps"),
    Expected("datasets/presidents", "line", "time", ("presidents",), why="quarterly, 6 gaps, the first value missing"),
    Expected(
        "datasets/longley",
        "line",
        "Year",
        ("GNP.deflator", "GNP", "Unemployed", "Armed.Forces", "Population", "Employed"),
        why="the year is the seventh column, and the row names repeat it",
    ),
    # The years are text: 1951, then 1956 to 1961.
    Expected(
        "datasets/WorldPhones",
        "line",
        "rownames",
        ("N.Amer", "Europe", "Asia", "S.Amer", "Oceania", "Africa", "Mid.Amer"),
        why="years as row names, not equally spaced",
    ),
    Expected(
        "ggplot2/economics",
        "line",
        "date",
        ("pce", "pop", "psavert", "uempmed", "unemploy"),
        why="five monthly measures over true dates",
    ),
    Expected("HistData/Wheat", "line", "Year", ("Wheat", "Wages"), why="every fifth year, but the last step is one"),
    # Month and Year are parts of Date: neither a measure nor a unit.
    Expected(
        "HistData/Nightingale",
        "line",
        "Date",
        ("Army", "Disease", "Wounds", "Other", "Disease.rate", "Wounds.rate", "Other.rate"),
        why="one row per month; Month and Year repeat the date",
    ),
    # `count` with the categories Year, month and mon looks like a table of counts; the clock is the last column.
    Expected("HistData/Prostitutes", "line", "date", ("count",), why="monthly series whose value is called count"),
    # Dates are written as the integers 800102 to 870521; the steps over a month's or a year's end are no durations.
    Expected(
        "Ecdat/Garch",
        "line",
        "date",
        ("dm", "ddm", "bp", "cd", "dy", "sf"),
        why="daily rates, dates as integers yymmdd; day is the weekday",
    ),
    Expected("Ecdat/StrikeNb", "line", "time", ("strikes", "output"), why="the clock is the last column"),
    # 1947 occurs twice, 1948 not at all: a misprint, and no reason against a series.
    Expected(
        "Zelig/grunfeld",
        "line",
        "Year",
        ("Ige", "Fge", "Cge", "Iw", "Fw", "Cw"),
        why="20 rows in the order of years, one of them repeated",
    ),
)

PANELS = (
    Expected("plm/Grunfeld", "line", "year", ("inv", "value", "capital"), "firm", why="10 firms, coded as integers"),
    Expected(
        "plm/Gasoline", "line", "year", ("lgaspcar", "lincomep", "lrpmg"), "country", why="18 countries, thin lines"
    ),
    Expected("plm/Produc", "line", "year", ("pcap", "hwy", "water"), "state", why="48 states, thin lines"),
    Expected("Ecdat/Airline", "line", "year", ("cost", "output", "pf"), "airline", why="years are counted from 1"),
    Expected("plm/Snmesp", "line", "year", ("n", "w", "y"), agg="mean", why="738 firms: too many for a line each"),
    Expected("lme4/sleepstudy", "line", "Days", ("Reaction",), "Subject", why="reaction over days, 18 subjects"),
    Expected("geepack/dietox", "line", "Time", ("Weight", "Feed"), "Pig", why="growth of 72 pigs; Evit, Cu: treatment"),
    # `wave` is the number of the occasion, `time` its day: the same clock twice, and only the day is to scale.
    Expected("geepack/spruce", "line", "time", ("logsize",), "id", why="growth of 79 trees; wave repeats time"),
    # base, age, lbase and lage are constant within a subject: covariates, of which lines would be flat.
    Expected("MASS/epil", "line", "period", ("y",), "subject", why="59 subjects; only y changes within them"),
    Expected(
        "pscl/presidentialElections", "line", "year", ("demVote",), "state", why="the unit comes before the clock"
    ),
    # The time of day (840 is 8:40) starts again at midnight: it only rises within a day.
    Expected("MASS/beav1", "line", "time", ("temp",), "day", why="two days of one beaver; activ is 0/1"),
)

TABLES_OF_COUNTS = (
    Expected("datasets/HairEyeColor", "bar", "Hair", ("Freq",), "Eye", "Sex", "sum", why="4 x 4 x 2 table"),
    Expected("datasets/UCBAdmissions", "bar", "Admit", ("Freq",), "Gender", "Dept", "sum", why="2 x 2, 6 departments"),
    Expected("vcd/DanishWelfare", "bar", "Alcohol", ("Freq",), "Income", "Status", "sum", why="counts come first"),
    Expected("vcd/JointSports", "bar", "opinion", ("Freq",), "year", "grade", "sum", why="year is a factor here"),
    Expected("MASS/minn38", "bar", "hs", ("f",), "phs", None, "sum", why="3 x 4 x 7 x 2 table, its counts called f"),
    Expected("HistData/Fingerprints", "bar", "Whorls", ("count",), "Loops", "", "sum", why="15 cells cannot occur"),
    # Two counts over one design: cases alone, or both, are right.
    Expected("datasets/esoph", "bar", "agegp", None, "alcgp", "tobgp", "sum", why="grouped cases and controls"),
    Expected(
        "HSAUR/GHQ",
        "bar",
        "GHQ",
        ("cases", "non.cases"),
        "sex",
        "",
        "sum",
        why="scores 0 to 10; added when the rules erred",
    ),
    Expected("vcd/HorseKicks", "bar", "nDeaths", ("Freq",), agg=None, why="frequencies of 0 to 4 deaths"),
    # Two numbers, yet no scatter: 5738 men in 16 classes. The class is the axis, `count` the height of its bar.
    Expected("HistData/ChestSizes", "bar", "chest", ("count",), agg=None, why="frequencies of a measured size"),
    # `count` is the number of cells in a square, `freq` how often it was seen; x is not the first category, sample.
    Expected("HistData/Yeast", "bar", "count", ("freq",), None, None, "sum", why="a distribution in each sample"),
)

ONE_MEASURE_BY_GROUP = (
    # `count` is the response: every spray has 12 rows, so that this is no table of counts.
    Expected("datasets/InsectSprays", "box", "spray", ("count",), why="12 replicates of 6 sprays"),
    Expected("datasets/chickwts", "box", "feed", ("weight",), why="6 feeds"),
    # Not the first category: a dose is a scale, which belongs on the axis, and the supplement has only two levels.
    Expected("datasets/ToothGrowth", "box", "dose", ("len",), "supp", why="dose response of two supplements"),
    Expected("datasets/warpbreaks", "box", "wool", ("breaks",), "tension", why="2 x 3 design"),
    Expected("lattice/singer", "box", "voice.part", ("height",), why="8 voice parts"),
    # Run numbers the repetitions within an experiment: it looks like a panel's clock and is none.
    Expected("datasets/morley", "box", "Expt", ("Speed",), why="5 experiments of 20 runs"),
    # A duration called time, repeated and not in order; cens is a 0/1 flag, group the treatment.
    Expected("boot/aml", "box", "group", ("time",), None, why="remission times of two groups coded 1 and 2"),
)

TWO_MEASURES = (
    Expected("datasets/cars", "scatter", "speed", ("dist",), why="two measures"),
    Expected("datasets/faithful", "scatter", "eruptions", ("waiting",), why="two measures, two clusters"),
    Expected("MASS/cats", "scatter", "Bwt", ("Hwt",), "Sex", why="two measures by sex"),
    # `time` and `day` are words here, size has six values.
    Expected("reshape2/tips", "scatter", "total_bill", ("tip",), "sex", why="two measures and five categories"),
    # The rows are sorted by times, but 133 rows have 94 of them: a scatter, to which one would fit a curve.
    Expected("MASS/mcycle", "scatter", "times", ("accel",), why="milliseconds after impact, with repetitions"),
    # Six concentrations, not equally spaced, and a nonlinear law: a number of few distinct values that is a measure.
    Expected("datasets/Puromycin", "scatter", "conc", ("rate",), "state", why="reaction rate by concentration"),
    Expected("HistData/Snow.deaths", "scatter", "x", ("y",), why="a map of cases; case is an identifier"),
    # 928 rows on 11 x 14 places: a scatter would hide how many lie on each.
    Expected("psych/galton", "density", "parent", ("child",), agg=None, why="rounded heights, 826 rows repeat a pair"),
)

MANY_MEASURES = (
    Expected(
        "datasets/iris",
        "histogram",
        y=("Sepal.Length", "Sepal.Width", "Petal.Length", "Petal.Width"),
        color=None,
        agg=None,
        why="four measures",
    ),
    Expected(
        "datasets/mtcars",
        "histogram",
        y=("mpg", "disp", "hp", "drat", "wt", "qsec"),
        color=None,
        agg=None,
        why="cyl, gear, carb are categories, vs and am dummies",
    ),
    Expected(
        "ggplot2/diamonds",
        "histogram",
        y=("carat", "depth", "table", "price", "x", "y", "z"),
        color=None,
        agg=None,
        why="seven measures of 53,940 stones",
    ),
    Expected(
        "HSAUR/Forbes2000",
        "histogram",
        y=("sales", "profits", "assets", "marketvalue"),
        color=None,
        agg=None,
        why="rank numbers the rows",
    ),
    # index counts 1 to 50 in each species and sex: no measure, and no clock of a panel.
    Expected(
        "MASS/crabs",
        "histogram",
        y=("FL", "RW", "CL", "CW", "BD"),
        color=None,
        agg=None,
        why="five measures; index numbers the crabs of a group",
    ),
    # census is a four-digit code: 101 of 102 values differ, all whole numbers; y may leave it out or not.
    Expected("car/Prestige", "histogram", y=None, color=None, agg=None, why="four measures and an occupational code"),
    # Not five histograms: a latitude and a longitude are a map, with the longitude across.
    Expected("datasets/quakes", "scatter", "long", ("lat",), None, why="places of earthquakes"),
    Expected("survival/lung", "histogram", y=None, color=None, agg=None, why="time is a survival time, in no order"),
    # time is sorted, year is a year: the rows are patients all the same.
    Expected(
        "MASS/Melanoma",
        "histogram",
        y=("time", "age", "thickness"),
        color=None,
        agg=None,
        why="rows sorted by a survival time that repeats; year is that of the operation",
    ),
)

NO_MEASURE = (
    Expected("COUNT/titanic", "bar", "class", (), None, None, "count", why="1316 passengers, four categories"),
    Expected("MASS/farms", "bar", "Mois", (), None, None, "count", why="20 farms, four categories"),
    Expected("sem/CNES", "bar", "MBSA2", (), None, None, "count", why="four answers; the row names are identifiers"),
    # start is a clock without anything measured over it, name an identifier with one repetition.
    Expected("ggplot2/presidential", "bar", "party", (), None, None, "count", why="terms of presidents by party"),
)

SINGLE_MEASURE = (
    Expected("datasets/rivers", "histogram", y=("x",), agg=None, why="one measure, no names"),
    # Values that are points in time with nothing measured at them: their density is the rate of disasters.
    Expected("boot/coal", "histogram", y=("date",), agg=None, why="dates of events"),
    Expected("MASS/SP500", "histogram", y=("r500",), agg=None, why="daily returns, without their days"),
)

NAMED_ROWS = (
    Expected("datasets/euro", "bar", "rownames", ("x",), agg=None, why="11 currencies, one rate each"),
    # Not four histograms of five values: a small table of rates in one unit, to be read by its row names.
    Expected(
        "datasets/VADeaths",
        "bar",
        "rownames",
        ("Rural Male", "Rural Female", "Urban Male", "Urban Female"),
        agg=None,
        why="5 age groups by 4 populations",
    ),
    # Of two rows, time is constant, and age and weight have a single value.
    Expected("reshape2/smiths", "bar", "subject", ("height",), agg=None, why="two persons"),
)

AWKWARD = (
    Expected("Zelig/sna.ex", "", why="no rows"),
    Expected("Zelig/friendship", "", why="no rows"),
    # Neither box nor bars: many columns on one short scale are a battery, read by what goes together.
    Expected("psych/bfi", "correlation", y=None, agg=None, why="25 items from 1 to 6"),
    Expected("psych/msq", "correlation", y=None, agg=None, why="75 moods from 0 to 3, and scores"),
    Expected(
        "Zelig/SupremeCourt",
        "correlation",
        y=("Rehnquist", "Stevens", "OConnor", "Scalia", "Kennedy", "Souter", "Thomas", "Ginsburg", "Breyer"),
        agg=None,
        why="nine justices, 0/1 only: who votes with whom",
    ),
    # The plot it is known for needs a logarithm and positions laid end to end: neither is a column.
    Expected("gap/mhtdata", "histogram", y=None, color=None, agg=None, why="159,312 rows, three and more measures"),
    Expected("gap/crohn", "bar", "sex", (), None, None, "count", why="4 identifiers, 2 categories, 206 allele codes"),
)

EXPECTED = (
    *TIME_SERIES,
    *PANELS,
    *TABLES_OF_COUNTS,
    *ONE_MEASURE_BY_GROUP,
    *TWO_MEASURES,
    *MANY_MEASURES,
    *NO_MEASURE,
    *SINGLE_MEASURE,
    *NAMED_ROWS,
    *AWKWARD,
)
