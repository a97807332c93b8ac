// Package compare knows how a few things stand side by side and which of them is best and worst in each row.
// It must not know what the things are or what their figures mean.
package compare
