// Package safetext knows how to make text from outside harmless to a terminal.
// It must not know where the text came from or how it will be drawn: it imports
// only the standard library and measures runes, never cells.
//
// A host on the marketplace chooses its own name, its status messages and all
// that its container prints. Drawn as received, such a string can clear the
// screen, write the clipboard, forge a row or end the program. So every string
// from outside becomes a [Text] (one line) or a [Lines] (many) where it is
// decoded, and only these travel further.
//
// The rules of an inert line, all of them:
//
//   - it is valid UTF-8; a byte that is not becomes U+FFFD;
//   - it is one line: C0 controls and DEL become their visible pictures
//     (U+2400 and following), one cell wide each;
//   - it holds no C1 control, line or paragraph separator, format, private use,
//     surrogate or unassigned code point and no blank filler: these become U+FFFD;
//   - joiners, variation selectors and soft hyphens are dropped, flags
//     become their letters, and skin tones, conjoining jamo, spacing marks and the
//     other code points on whose width terminals disagree become U+FFFD;
//   - a base carries at most two combining marks, and no line starts with one;
//   - every kind of space is U+0020;
//   - it is as long as was asked for at most, the ellipsis included.
//
// What a program printed loses its colours before that, and its progress bars become
// lines: see [NewPrinted].
//
// Letters of right-to-left scripts are kept. Terminals may reorder a whole line
// because of them, so text from outside belongs in the last column and never on
// one line with a price that is about to be agreed to; use [Quote] there.
package safetext
