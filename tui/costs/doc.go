// Package costs knows how what an account costs is shown: what bills now, what was
// charged, and whether the two agree. It must not know the other views, nor change
// anything itself: it makes plans.
package costs
