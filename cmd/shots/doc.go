// Command shots knows how to draw a terminal's screen: it turns every screenshots/NAME.cells into screenshots/NAME.png.
// It must not know what the screens show nor play them: the scenes in tui/tuitest do that and write the .cells files.
//
//	go run ./cmd/shots            draws all screens
//	go run ./cmd/shots market     draws one
//
// Box lines, blocks and braille are drawn as shapes on whole pixels, because fonts leave gaps between them; words of
// ASCII are set in JetBrains Mono; every other character stands alone at its own column, so that a substitute font
// cannot shift what follows.
package main
