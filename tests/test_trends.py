"""Lines through dots, against numpy's polynomials, R's published numbers and Cleveland's procedure spelled out."""

import math
import re
import time

import numpy as np
import pytest

from dataviewer.charts import trends

# R's data `cars`: speed and stopping distance of 50 cars.
SPEED = [4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16, 17]
SPEED += [17, 17, 18, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25]
DISTANCE = [2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20, 26, 54, 32]
DISTANCE += [40, 32, 40, 50, 42, 56, 76, 84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85]
# What R prints for lowess(cars).
LOWESS = {
    4: 4.965459, 7: 13.124495, 8: 15.858633, 9: 18.579691, 10: 21.280313, 11: 24.129277, 12: 27.119549, 13: 30.027276,
    14: 32.962506, 15: 36.757728, 16: 40.435075, 17: 43.463492, 18: 46.885479, 19: 50.793152, 20: 56.491224,
    22: 67.585824, 23: 73.079695, 24: 78.643164, 25: 84.328698,
}  # fmt: skip
CARS = np.array(SPEED, float), np.array(DISTANCE, float)


def seeded(rows: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    x = random.normal(10, 3, rows)
    return x, 2 * x + random.normal(0, 5, rows)


def slope_of(fit: trends.Fit) -> float:
    return float(re.search(r"slope (\S+?)[, ]", f"{fit.words} ").group(1))


# Least squares -------------------------------------------------------------------------------------


def test_the_straight_line_is_that_of_numpy():
    x, y = seeded(500)
    found = trends.fit("linear", x, y)
    slope, level = np.polyfit(x, y, 1)
    assert found.x.tolist() == [x.min(), x.max()]
    np.testing.assert_allclose(found.y, level + slope * found.x, rtol=1e-9)
    explained = np.corrcoef(x, y)[0, 1] ** 2
    assert found.words == f"slope {slope:.4g}, R² {explained:.2f}"


def test_the_line_of_the_cars_is_that_of_textbooks():
    found = trends.fit("linear", *CARS)
    assert found.words == "slope 3.932, R² 0.65"
    np.testing.assert_allclose(found.y, [-17.5791 + 3.9324 * 4, -17.5791 + 3.9324 * 25], atol=1e-3)


def test_on_logarithmic_axes_logarithms_are_fitted():
    x = np.array([1.0, 10, 100, 1000])
    power = trends.fit("linear", x, 5 * x**1.5, log_x=True, log_y=True)
    np.testing.assert_allclose(power.y, 5 * np.array([1, 1000]) ** 1.5)
    assert power.words == "slope 1.5, R² 1.00 of the logarithms"
    across = trends.fit("linear", x, 3 + 2 * np.log10(x), log_x=True)
    np.testing.assert_allclose([across.x, across.y], [[1, 1000], [3, 9]])
    assert across.words.endswith("of the logarithm of x")
    up = trends.fit("linear", np.arange(4.0), np.exp(np.arange(4.0)), log_y=True)
    np.testing.assert_allclose(up.y, [1, math.e**3])
    assert up.words == "slope 0.4343, R² 1.00 of the logarithm of y"


@pytest.mark.parametrize(
    ("days", "slope", "unit"),
    [(3652, 365.2425, "a year"), (100, 1, "a day"), (1, 1 / 24, "an hour"), (0.01, 1 / 86400, "a second")],
)
def test_the_slope_over_dates_is_told_for_a_time_that_people_know(days, slope, unit):
    x = 19_000 + np.linspace(0, days, 50)
    found = trends.fit("linear", x, x, dates=True)
    assert f" {unit}, R² 1.00" in found.words
    assert slope_of(found) == pytest.approx(slope, rel=1e-3)


def test_equal_heights_have_a_level_line_and_no_share_explained():
    found = trends.fit("linear", np.array([1.0, 2, 3]), np.array([0.1, 0.1, 0.1]))
    np.testing.assert_allclose(found.y, [0.1, 0.1])
    assert found.words == "slope 0"


def test_the_share_explained_is_never_below_nothing():
    found = trends.fit("linear", np.array([-1.0, 0, 1]), np.array([1.0, 0, 1]))
    assert found.words.endswith("R² 0.00")


@pytest.mark.parametrize("name", trends.FITS)
def test_too_few_points_or_equal_places_have_no_line(name):
    assert trends.fit(name, np.array([]), np.array([])) is None
    assert trends.fit(name, np.array([1.0, 2]), np.array([1.0, 2])) is None
    assert trends.fit(name, np.array([1.0, 1, 1]), np.array([1.0, 2, 3])) is None


@pytest.mark.parametrize("name", trends.FITS)
@pytest.mark.parametrize("size", [1e300, 1e-300, 1e150])
def test_numbers_of_any_size_are_fitted(name, size):
    x = np.arange(1.0, 8)
    by_x, by_y = trends.fit(name, size * x, x), trends.fit(name, x, -size * x)
    np.testing.assert_allclose(by_x.y, by_x.x / size, rtol=1e-6)
    np.testing.assert_allclose(by_y.y, -size * by_y.x, rtol=1e-6)


def test_a_line_far_from_zero_keeps_its_digits():
    x = 1e9 + np.arange(10.0)
    found = trends.fit("linear", x, 7 * (x - 1e9))
    np.testing.assert_allclose(found.y, [0, 63], atol=1e-6)


# Correlation ---------------------------------------------------------------------------------------


def test_the_correlation_is_that_of_numpy():
    x, y = seeded(300)
    assert trends.correlation(x, y) == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-12)
    assert trends.correlation(1e300 * x, y) == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-9)


def test_equal_values_and_two_points_have_no_correlation():
    assert trends.correlation(np.full(5, 0.1), np.arange(5.0)) is None
    assert trends.correlation(np.array([1.0, 2]), np.array([1.0, 2])) is None


# Lowess --------------------------------------------------------------------------------------------


def test_lowess_of_the_cars_is_that_of_r():
    found = trends.fit("lowess", *CARS)
    assert found.x.tolist() == list(LOWESS)
    np.testing.assert_allclose(found.y, list(LOWESS.values()), atol=1e-5)


def test_lowess_does_not_depend_on_the_order_of_the_rows():
    order = np.random.default_rng(1).permutation(50)
    found = trends.fit("lowess", CARS[0][order], CARS[1][order])
    np.testing.assert_allclose(found.y, list(LOWESS.values()), atol=1e-5)


def by_hand(x: np.ndarray, y: np.ndarray) -> list[float]:
    """Return Cleveland's procedure point by point, for x without ties."""
    near, robust = int(len(x) * 2 / 3 + 1e-7), [1.0] * len(x)
    for _ in range(4):
        curve = []
        for place in x:
            reach = sorted(abs(x - place))[near - 1]
            weights = [(1 - min(abs(a - place) / reach, 1) ** 3) ** 3 * r for a, r in zip(x, robust)]
            slope, level = np.polyfit(x - place, y, 1, w=np.sqrt(weights))
            curve.append(level)
        left = np.abs(y - curve)
        robust = [max(1 - (each / (6 * np.median(left))) ** 2, 0) ** 2 for each in left]
    return curve


def test_lowess_is_clevelands_procedure():
    random = np.random.default_rng(8)
    x = np.sort(random.uniform(0, 10, 60))
    y = np.sin(x) + random.normal(0, 0.1, 60)
    y[20] += 30
    found = trends.fit("lowess", x, y)
    np.testing.assert_allclose(found.y, by_hand(x, y), atol=2e-3)  # his cuts the thinnest ends of the weights off


def test_one_outlier_does_not_bend_lowess():
    x = np.arange(30.0)
    y = 2 * x
    y[15] = 1e6
    np.testing.assert_allclose(trends.fit("lowess", x, y).y, 2 * x, atol=1e-6)


def test_where_most_points_share_one_place_lowess_is_there_what_they_are():
    x = np.array([1.0] * 20 + [2, 3, 4])
    y = np.array([5.0] * 20 + [6, 7, 8])
    found = trends.fit("lowess", x, y)
    assert found.x.tolist() == [1, 2, 3, 4]
    assert found.y[0] == pytest.approx(5)
    assert np.isfinite(found.y).all()


@pytest.mark.parametrize("rows", [10_000, 500_000])
def test_of_many_points_lowess_says_how_many_it_saw(rows):
    x, y = seeded(rows)
    found = trends.fit("lowess", x, y)
    assert found.words == f"fitted to 4,000 of {rows:,} points, evenly spread"
    assert (found.x[0], found.x[-1]) == pytest.approx((x.min(), x.max()), abs=3)
    np.testing.assert_allclose(np.interp([5, 10, 15], found.x, found.y), [10, 20, 30], atol=1)


def test_lowess_of_many_rows_is_not_misled_by_what_repeats_in_them():
    rows = np.arange(1_000_000)
    found = trends.fit("lowess", rows.astype(float), (rows % 5).astype(float))
    np.testing.assert_allclose(found.y, 2, atol=0.5)


@pytest.mark.parametrize("name", trends.FITS)
def test_a_million_points_have_their_trend_below_a_second(name):
    x, y = seeded(1_000_000)
    began = time.perf_counter()
    trends.fit(name, x, y)
    assert time.perf_counter() - began < 1
