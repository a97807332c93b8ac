package main

import "github.com/charmbracelet/x/ansi"

// terminalReset leaves every mode that the program may have switched on. Terminals
// ignore what they do not know and what is off already. Scrolling margins are reset
// between saving and restoring the cursor, because that moves it; the alternate
// screen is left after everything that belongs to it.
const terminalReset = resetBefore + ansi.ResetModeAltScreenSaveCursor + resetAfter

// commandReset is terminalReset after an ordinary command, which mostly leaves the main
// screen as it is: leaving the alternate one moves the cursor to where it was when that
// was entered last, also when it was not entered at all. What may stand below the cursor,
// because the command moved it up, is erased.
const commandReset = resetBefore + "\x1b7" + ansi.ResetModeAltScreenSaveCursor + "\x1b8" + resetAfter + ansi.EraseScreenBelow

const resetBefore = ansi.ResetModeSynchronizedOutput +
	ansi.ResetModeMouseNormal +
	ansi.ResetModeMouseButtonEvent +
	ansi.ResetModeMouseAnyEvent +
	ansi.ResetModeMouseExtSgr +
	ansi.ResetModeFocusEvent +
	ansi.ResetModeBracketedPaste +
	ansi.ResetModeUnicodeCore +
	ansi.ResetModifyOtherKeys +
	"\x1b[<u" + // one kitty keyboard entry
	"\x1b7\x1b[r\x1b8" + // scrolling margins
	"\x1b]8;;\x1b\\" // an open link

const resetAfter = "\x1b[<u" + // the main screen has its own kitty keyboard stack
	"\x1b]2;\x07" + // window title
	"\x1b[0 q" + // cursor shape
	ansi.ResetCursorColor +
	ansi.SetModeTextCursorEnable +
	ansi.ResetStyle

// crashReset is terminalReset and the end of a progress bar, which nothing shows after
// an ordinary command. Older versions of iTerm2 show that sequence as a message.
const crashReset = terminalReset + ansi.ResetProgressBar
