// Package figure knows how figures are written: prices, shares, sizes, ages and counts, the same everywhere.
// It must not know where a figure comes from, what time it is or how it is coloured.
//
// All take plain numbers; what is not known (NaN, infinite) is written as Unknown.
package figure
