// Package tabs knows how the titles of the views stand in one line and which of them is under the mouse.
// It must not know what a view is or how one is reached.
package tabs
