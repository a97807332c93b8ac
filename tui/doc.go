// Package tui is the root model and nothing else: it knows how messages travel
// between the views, the dialogs and the commands. It must not know what a
// single view shows, nor wait for anything.
package tui
