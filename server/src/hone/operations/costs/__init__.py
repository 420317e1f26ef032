"""Costs: what calls cost and earned, by any of what is known of them, step by step of time.

What has few values is summed up as calls land, so that a year is as quick to add up as an hour;
everything else is added up from the calls themselves, within a time limit.
"""
