// Package chart knows how a series of figures becomes cells: a line of them, a line
// over time with its axes, or bars by the day. It must not know what the figures are
// about, what time it is or how they are coloured.
package chart
