"""Charts of figures, months and control of places, as numbers for SVG templates.

Horizontal positions are percentages of the chart's width, so one drawing fits phones and pages without scripts.
"""
