// Package chart knows how a series of figures becomes a line of cells. It must
// not know what the figures are about, what time it is or how they are coloured.
package chart
