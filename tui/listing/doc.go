// Package listing knows what views that show a list have in common: the line that narrows it, the pages that stand in
// its place, the mouse on it, how its arrangement is remembered, and how marks and cursor come back in the next run. It
// must not know what the rows are, nor what is done with them.
package listing
