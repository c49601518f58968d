"""Charts: what a figure, a month or a hold on a place looks like, as numbers that an SVG template writes down.

Positions across are percentages of the chart's width, so one drawing fits a phone and a page without a script.
"""
