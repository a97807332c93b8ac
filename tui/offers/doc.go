// Package offers knows how the market is shown, searched and rented from. It
// must not know the other views, nor change anything itself: it makes plans.
package offers
