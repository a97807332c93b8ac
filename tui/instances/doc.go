// Package instances knows how what runs is shown and acted upon. It must not
// know the other views, nor change anything itself: it makes plans.
package instances
