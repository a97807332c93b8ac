// Package palette knows how a line that is typed finds entries of a long list: it
// ranks, keeps the best, and draws them. It must not know what an entry does.
package palette
