"""The second answer: the written definitions worked out subscriber by subscriber with exact fractions.

It is made from the definitions alone and must never import the product, so that the two can disagree.
"""
