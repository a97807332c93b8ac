// Package reader knows how a long text is read: scrolling, wrapping and searching, a screenful at a time.
// It must not know what the text is or where it comes from.
//
// Nothing is done to lines that are not on the screen, so that ten megabytes cost no more than a page.
package reader
