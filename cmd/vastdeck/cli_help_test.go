package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
)

// helped are all verbs with their help laid out for lines of w cells, each from a command
// line of its own: what was laid out once cannot be again.
func helped(t *testing.T, w int, check func(t *testing.T, was, is *cobra.Command)) {
	t.Helper()
	var paths [][]string
	walkAll(new(app).command(), func(c *cobra.Command) {
		if !c.Hidden {
			paths = append(paths, strings.Fields(c.CommandPath())[1:])
		}
	})
	if len(paths) < 20 {
		t.Fatalf("there are only %d verbs", len(paths))
	}
	for _, path := range paths {
		find := func() *cobra.Command {
			c, _, err := new(app).command().Find(path)
			if err != nil {
				t.Fatal(err)
			}
			c.InitDefaultHelpFlag()
			return c
		}
		was, is := find(), find()
		fitHelp(is, w)
		check(t, was, is)
	}
}

// flagAtStart is a flag where the line about it begins; its text may name others.
var flagAtStart = regexp.MustCompile(`(?m)^ {1,8}(?:-\w, )?--([\w-]+)`)

func TestHelpShowsEachFlagOnce(t *testing.T) {
	t.Parallel()
	helped(t, 80, func(t *testing.T, was, is *cobra.Command) {
		_ = is.UseLine() // what cobra looks at while it prints may bring flags back
		is.HasAvailableFlags()
		_ = is.ParseFlags(nil)
		seen := map[string]int{}
		for _, found := range flagAtStart.FindAllStringSubmatch(is.Flags().FlagUsages(), -1) {
			seen[found[1]]++
		}
		for _, name := range flagNames(was) {
			if seen[name] != 1 {
				t.Errorf("the help of %q shows --%s %d times", was.CommandPath(), name, seen[name])
			}
		}
	})
}

func TestHelpFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for _, w := range []int{80, 100, 120} {
		helped(t, w, func(t *testing.T, was, is *cobra.Command) {
			tooWide := func(what, text string, most int) {
				for _, line := range strings.Split(text, "\n") {
					if n := ansi.StringWidth(line); n > most && strings.TrimLeft(line, " \t") == line {
						t.Errorf("at %d cells the help of %q has a line of %d in its %s: %q", w, was.CommandPath(), n, what, line)
					}
				}
			}
			tooWide("text", is.Long, w-2)
			tooWide("examples", strings.ReplaceAll(is.Example, "\n--", "\n  --"), w-besideExamples)
			for _, name := range flagNames(was) {
				if f := is.Flags().Lookup(name); f != nil { // a flag that takes a value has another name by now
					tooWide("flags", f.Usage, w-len("    -x --")-len(name)-2)
				}
			}
		})
	}
}

func TestHelpLosesNoWord(t *testing.T) {
	t.Parallel()
	one := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	helped(t, 60, func(t *testing.T, was, is *cobra.Command) {
		if one(is.Long) != one(was.Long) {
			t.Errorf("the text of %q became %q", was.CommandPath(), is.Long)
		}
		if joined := strings.ReplaceAll(is.Example, brokenBy+"\n", " "); one(joined) != one(was.Example) {
			t.Errorf("a shell reads the examples of %q as %q", was.CommandPath(), joined)
		}
		for n, sub := range is.Commands() {
			if one(sub.Short) != one(was.Commands()[n].Short) {
				t.Errorf("what %q does became %q", sub.CommandPath(), sub.Short)
			}
		}
	})
}

func TestALongExampleGoesOnInTheNextLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, want string }{
		{"vastdeck rent 1", "vastdeck rent 1"},
		{"vastdeck rent --query 'a=1 b=2' --max-price 0.40", "vastdeck rent --query 'a=1 b=2' \\\n--max-price 0.40"},
		{"vastdeck rent --query 'this is longer than a line may be at all'", "vastdeck rent \\\n--query 'this is longer than a line may be at all'"},
	} {
		if got := brokenLines(c.line, 36); got != c.want {
			t.Errorf("%q\nbecame %q\nwant   %q", c.line, got, c.want)
		}
	}
}
