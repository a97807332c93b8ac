// Package help knows how a list of keys is shown, grouped, filtered and scrolled.
// It must not know which keys exist or what they do.
package help
