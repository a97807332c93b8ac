package main

import (
	"slices"
	"testing"

	"github.com/spf13/cobra"
)

// TestEveryFlagNamesItsKindOfValue keeps help and manual from showing words of the program
// such as stringArray.
func TestEveryFlagNamesItsKindOfValue(t *testing.T) {
	t.Parallel()
	seen := 0
	walkAll(new(app).command(), func(c *cobra.Command) {
		for _, name := range flagNames(c) {
			f := c.Flag(name)
			if f == nil || f.Value.Type() == "bool" {
				continue
			}
			seen++
			if valueWord.FindString(f.Usage) == "" {
				t.Errorf("%s --%s: no word in backquotes names its value: %q", c.CommandPath(), name, f.Usage)
			}
		}
	})
	if seen == 0 {
		t.Error("no flag was looked at")
	}
}

// TestHelpIsAskedForInOneWay takes every spelling of a wish for help to the verb of that name.
func TestHelpIsAskedForInOneWay(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ line, want []string }{
		{[]string{"--help"}, []string{"help"}},
		{[]string{"rent", "-yh", "123"}, []string{"help", "rent"}},
		{[]string{"--demo", "volume", "create", "--size", "5", "--help"}, []string{"help", "volume", "create"}},
		{[]string{"frob", "--help"}, []string{"help", "frob"}},
		{[]string{"ssh", "box", "--", "ls", "--help"}, nil},
		{[]string{"rent", "--help=false"}, nil},
		{[]string{"rent", "--name", "--help"}, nil},
		{[]string{cobra.ShellCompRequestCmd, "rent", "--help"}, nil},
		{nil, nil},
	} {
		want := one.want
		if want == nil {
			want = one.line
		}
		if got := asHelp(one.line); !slices.Equal(got, want) {
			t.Errorf("%q becomes %q, want %q", one.line, got, want)
		}
	}
}
