"""Recipes: read, scaled, put on cards, and bought for."""
