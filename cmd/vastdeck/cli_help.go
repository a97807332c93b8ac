package main

import (
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"vastdeck/tui/widget/fit"
)

// The help of a verb as the terminal can show it: nothing is cut off, no line is broken by
// the terminal itself, and each flag stands there once.

// mostHelp is how wide help is at most, and how wide it is where there is no terminal.
const mostHelp = 120

// What stands around the texts of a help, in cells.
const (
	besideTexts    = 6 // before a flag or a verb, and between it and its text
	besideExamples = 8
	besideProse    = 4
	leastText      = 20 // a text is not made narrower than that
)

// showHelp prints the help of c. c and what is above and below it cannot be used after it.
func showHelp(c *cobra.Command) error {
	c.InitDefaultHelpFlag()
	fitHelp(c, helpWidth(c.OutOrStdout()))
	return c.Help()
}

// helpWidth is how many cells there are for a line of help.
func helpWidth(out io.Writer) int {
	if file, is := out.(*os.File); is {
		if w, _, err := term.GetSize(file.Fd()); err == nil && w > 0 {
			return min(w, mostHelp)
		}
	}
	return mostHelp
}

// fitHelp lays the help of c out for lines of w cells. c and what is above and below it
// cannot be used after it.
func fitHelp(c *cobra.Command, w int) {
	names := nameValues(c)
	c.Long = flowing(c.Long, w-besideProse)
	c.Example = brokenLines(c.Example, w-besideExamples)
	beside := 0
	for _, sub := range c.Commands() {
		sub.Use = withoutFlags(sub.Use)
		beside = max(beside, ansi.StringWidth(listed(sub)))
	}
	for _, name := range names {
		beside = max(beside, ansi.StringWidth("-x --"+name))
	}
	texts := max(leastText, w-besideTexts-beside)
	for _, sub := range c.Commands() {
		sub.Short = strings.Join(fit.Wrap(sub.Short, texts), "\n")
	}
	for _, name := range names {
		f := c.Flags().Lookup(name)
		f.Usage = strings.Join(fit.Wrap(f.Usage, texts), "\n")
	}
}

// nameValues has the help of c show behind a flag what kind of value it takes, and behind
// its text what it is when it is not given; it returns what the flags are called then. The
// flags are made anew: to cobra one of another name would be another flag, shown beside it.
func nameValues(c *cobra.Command) (called []string) {
	flags, inherited, names := c.Flags(), c.InheritedFlags(), flagNames(c)
	for at := c; at != nil; at = at.Parent() {
		at.ResetFlags()
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		f := flags.Lookup(name)
		if f == nil {
			f = inherited.Lookup(name)
		}
		shown := *f
		if word := valueWord.FindStringSubmatch(f.Usage); word != nil {
			shown.Name += " " + word[1]
		}
		shown.Usage = valueWord.ReplaceAllString(f.Usage, "$1")
		if !unsaid[f.DefValue] {
			shown.Usage += " (" + f.DefValue + ")"
		}
		shown.DefValue = ""
		c.Flags().AddFlag(&shown)
		called = append(called, shown.Name)
	}
	return called
}

// unsaid are the values of a flag that is not given which go without saying.
var unsaid = map[string]bool{"": true, "false": true, "0": true, "[]": true}

// listed is a verb as the list of verbs shows it, and no narrower than that.
func listed(c *cobra.Command) string {
	text := c.Use + " [--flags]"
	if c.HasSubCommands() {
		text += " [command]"
	}
	return text
}

// aFlag is a flag with its value in the line that says how a verb is used.
var aFlag = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(` --\S+ \S+`) })

// withoutFlags is how a verb is used, as short as a list of verbs needs it.
func withoutFlags(use string) string { return aFlag().ReplaceAllString(use, "") }

// flowing is a text whose paragraphs fit lines of w cells: one that has a wider line is
// broken anew, at blanks only. Lines that are set in are left as they are.
func flowing(text string, w int) string {
	var out, paragraph []string
	end := func() {
		wide := func(line string) bool { return ansi.StringWidth(line) > w }
		if slices.ContainsFunc(paragraph, wide) {
			paragraph = fit.Wrap(strings.Join(paragraph, " "), w)
		}
		out = append(out, paragraph...)
		paragraph = nil
	}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if line == "" || strings.TrimLeft(line, " \t") != line {
			end()
			out = append(out, line)
			continue
		}
		paragraph = append(paragraph, line)
	}
	end()
	return strings.Join(out, "\n")
}

// brokenLines are command lines of which each that is wider than w goes on in the next
// one, as a shell understands it.
func brokenLines(text string, w int) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if ansi.StringWidth(line) > w {
			line = broken(line, w)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// brokenBy ends a command line that goes on in the next one, which is set in by two blanks.
const brokenBy = ` \`

func broken(line string, w int) string {
	if command, note, has := strings.Cut(line, " # "); has { // which nothing continues: it stands above
		var lines []string
		for _, part := range fit.Wrap(note, w-len("# ")) {
			lines = append(lines, "# "+part)
		}
		return strings.Join(append(lines, brokenLines(strings.TrimRight(command, " "), w)), "\n")
	}
	var b strings.Builder
	room := w - len(brokenBy)
	used := 0
	for _, part := range parts(line) {
		cells := ansi.StringWidth(part)
		switch {
		case used == 0:
		case used+1+cells <= room:
			b.WriteByte(' ')
			used++
		default:
			b.WriteString(brokenBy + "\n")
			used, room = 0, w-len(brokenBy)-2
		}
		b.WriteString(part)
		used += cells
	}
	return b.String()
}

// parts are the pieces of a command line that are not broken: each flag with its value,
// and each of the other words. What stands in quotes is one word.
func parts(line string) []string {
	var out []string
	var quoted rune
	start := 0
	for n, r := range line {
		switch {
		case quoted != 0:
			if r == quoted {
				quoted = 0
			}
		case r == '\'' || r == '"':
			quoted = r
		case r == ' ':
			if word := line[start:n]; word != "" {
				out = append(out, word)
			}
			start = n + 1
		}
	}
	out = append(out, line[start:])
	var joined []string
	for _, word := range out {
		if n := len(joined); n > 0 && strings.HasPrefix(joined[n-1], "--") && !strings.Contains(joined[n-1], " ") && !strings.HasPrefix(word, "-") {
			joined[n-1] += " " + word
			continue
		}
		joined = append(joined, word)
	}
	return joined
}
