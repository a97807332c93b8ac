package main

import (
	"regexp"
	"slices"
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

// asShell are the commands that a shell reads in a text: a comment goes on to the end of its
// line, whatever stands there, and any other line may go on in the next one.
func asShell(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		command, _, noted := strings.Cut(line, "#")
		before, goesOn := strings.CutSuffix(command, brokenBy)
		for _, word := range strings.Fields(before) {
			b.WriteString(" " + word)
		}
		if (noted || !goesOn) && strings.TrimSpace(command) != "" {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func TestHelpLosesNoWord(t *testing.T) {
	t.Parallel()
	one := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	helped(t, 60, func(t *testing.T, was, is *cobra.Command) {
		if one(is.Long) != one(was.Long) {
			t.Errorf("the text of %q became %q", was.CommandPath(), is.Long)
		}
		if got, want := asShell(is.Example), asShell(was.Example); got != want {
			t.Errorf("a shell reads the examples of %q as\n%s\nwant\n%s", was.CommandPath(), got, want)
		}
		words := func(text string) []string {
			return slices.DeleteFunc(slices.Sorted(slices.Values(strings.Fields(text))), func(w string) bool { return w == "#" || w == `\` })
		}
		if got, want := words(is.Example), words(was.Example); !slices.Equal(got, want) {
			t.Errorf("the words of the examples of %q became %q", was.CommandPath(), got)
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
		{"vastdeck --demo    # it's said in more words than there is room", "# it's said in more words than there\n# is room\nvastdeck --demo"},
	} {
		if got := brokenLines(c.line, 36); got != c.want {
			t.Errorf("%q\nbecame %q\nwant   %q", c.line, got, c.want)
		}
	}
}
