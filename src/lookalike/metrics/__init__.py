"""Measures of how right answers are: numbers in, figures with baseline and interval out."""
