"""Reads sets of labelled pictures in all their layouts, splits and samples them."""
