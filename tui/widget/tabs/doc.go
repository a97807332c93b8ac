// Package tabs knows how the titles of the views, and those of saved searches, stand in one line and which of them is under the mouse.
// It must not know what a view or a search is or how one is reached.
package tabs
