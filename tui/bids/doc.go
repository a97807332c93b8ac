// Package bids knows how bids on interruptible instances are shown and acted upon.
// It must not keep instances of its own, nor know the other views, nor change
// anything itself: it makes plans.
package bids
