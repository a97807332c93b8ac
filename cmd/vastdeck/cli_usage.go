package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/safetext"
)

// What is said to a command line that cannot be understood: what is wrong with it, what
// is near it, and where its help is.

// helpCommand is `vastdeck help [VERB]`.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [VERB]",
		Short: "Show how a verb is used",
		Args:  cobra.ArbitraryArgs,
		ValidArgsFunction: func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			at, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return nil, onlyThese
			}
			return verbsOf(at, typed), onlyThese
		},
		RunE: func(c *cobra.Command, args []string) error {
			at := c.Root()
			for _, name := range args {
				next := verbNamed(at, name)
				if next == nil {
					return noVerb(at, name)
				}
				at = next
			}
			return showHelp(at)
		},
	}
}

// asHelp is a command line that asks for help with --help, as one of `vastdeck help`: what
// stands before it is then a verb, or a mistake. Any other line stays as it is.
func asHelp(args []string) []string {
	if !slices.ContainsFunc(args, asksForHelp) || strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		return args
	}
	root := new(app).command() // one that is only asked: reading flags twice would count them twice
	explainCompletion(root)
	c, rest, err := root.Find(args)
	if err != nil || c.Hidden {
		return args
	}
	c.InitDefaultHelpFlag()
	if c.ParseFlags(rest) != nil {
		return args
	}
	if asked, err := c.Flags().GetBool("help"); err != nil || !asked {
		return args
	}
	path := append([]string{"help"}, strings.Fields(c.CommandPath())[1:]...)
	if named := c.Flags().Args(); len(named) > 0 && takesOnlyVerbs(c) {
		path = append(path, named[0])
	}
	return path
}

// asksForHelp reports whether an argument may be --help, or -h among other letters.
func asksForHelp(arg string) bool {
	return strings.HasPrefix(arg, "--help") || strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && strings.Contains(arg, "h")
}

// takesOnlyVerbs reports whether c has verbs below it and takes nothing else.
func takesOnlyVerbs(c *cobra.Command) bool {
	return c.HasSubCommands() && !strings.Contains(c.Use, " ")
}

// valueWord is the word of a flag's text that says what kind of value it takes.
var valueWord = regexp.MustCompile("`([^`]+)`")

// plainUsage takes the backquotes out of the texts of all flags, for a shell that shows them.
func plainUsage(root *cobra.Command) {
	walkAll(root, func(c *cobra.Command) {
		for _, name := range flagNames(c) {
			if f := c.Flag(name); f != nil {
				f.Usage = valueWord.ReplaceAllString(f.Usage, "$1")
			}
		}
	})
}

// verbsOf are the verbs below c that begin with what was typed.
func verbsOf(c *cobra.Command, typed string) []string {
	var out []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && strings.HasPrefix(sub.Name(), typed) {
			out = append(out, sub.Name()+"\t"+sub.Short)
		}
	}
	return out
}

// verbNamed is a verb right below c, nil when there is none.
func verbNamed(c *cobra.Command, name string) *cobra.Command {
	list := c.Commands()
	at := slices.IndexFunc(list, func(sub *cobra.Command) bool { return sub.Name() == name || sub.HasAlias(name) })
	if at < 0 {
		return nil
	}
	return list[at]
}

// noVerb says that there is no such verb, and which are near.
func noVerb(c *cobra.Command, name string) error {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	perhaps := ""
	if near := offerql.Nearest(name, names); near != "" {
		perhaps = " Perhaps " + near + "."
	}
	what := "there is no verb "
	if c.HasParent() {
		what = c.Name() + " has no verb "
	}
	return usagef("%s%s.%s `%s --help` lists them.", what, repeated(name), perhaps, c.CommandPath())
}

// onlyVerbs refuses what stands where a verb should.
func onlyVerbs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return noVerb(c, args[0])
	}
	return nil
}

// namesFile reports whether the value of a flag is the path of a file.
func namesFile(flag string) bool {
	return strings.HasSuffix(flag, "-file") || slices.Contains([]string{"log", "record", "replay"}, flag)
}

// offerFilesWhereMeant keeps a shell from offering files as values of flags that name none.
func offerFilesWhereMeant(root *cobra.Command) {
	walkAll(root, func(c *cobra.Command) {
		for _, name := range flagNames(c) {
			if !namesFile(name) {
				_ = c.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions) // one that has its own keeps it
			}
		}
	})
}

// onlyHelp is what a verb does that has others below it and nothing of its own.
func onlyHelp(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return noVerb(c, args[0])
	}
	return showHelp(c)
}

// explainCompletion has `vastdeck completion`, which cobra makes, name a shell that it does
// not know.
func explainCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	if c := verbNamed(root, "completion"); c != nil {
		c.Args, c.RunE = cobra.ArbitraryArgs, onlyHelp
	}
}

// explainUsage has every verb below root say how it is used when it is used wrongly.
func explainUsage(root *cobra.Command) {
	root.SetFlagErrorFunc(flagMistake)
	walkAll(root, func(c *cobra.Command) {
		if c.Args == nil || !c.HasParent() {
			return
		}
		check := c.Args
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usagef("%s: it is used as `%s`. See `%s --help`.", argumentMistake(c, args, err), usedAs(c), c.CommandPath())
			}
			return nil
		}
	})
}

func walkAll(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, sub := range c.Commands() {
		walkAll(sub, visit)
	}
}

// usedAs is how a verb is written, without the flags that are not needed.
func usedAs(c *cobra.Command) string {
	path := c.CommandPath()
	if _, after, has := strings.Cut(c.Use, " "); has {
		path += " " + after
	}
	return path
}

// argumentMistake says what is wrong with the number of arguments.
func argumentMistake(c *cobra.Command, args []string, err error) string {
	switch text := err.Error(); {
	case strings.HasPrefix(text, "unknown command"):
		return "`" + c.CommandPath() + "` takes no " + repeated(args[0])
	case strings.HasPrefix(text, "requires"), len(args) == 0:
		return "something is missing after `" + c.CommandPath() + strings.TrimRight(" "+strings.Join(each(args, shown), " "), " ") + "`"
	case strings.HasPrefix(text, "accepts"):
		return fmt.Sprintf("%s is one argument too many", repeated(args[len(args)-1]))
	default:
		return strings.TrimRight(text, ".")
	}
}

// keyLike is what an API key looks like; no verb and no id does.
var keyLike = regexp.MustCompile(`^[A-Za-z0-9_-]{32,}$`)

// repeated is an argument that has no place here as an error repeats it. What looks like a
// key, given where it does not belong, is not: errors end up in logs.
func repeated(arg string) string {
	if keyLike.MatchString(arg) {
		return `"…" (not repeated here, for it looks like a key: ` + "`vastdeck login` asks for it)"
	}
	return safetext.Quote(arg, 40)
}

// shown is an argument as a sentence repeats it.
func shown(arg string) string { return safetext.Clean(arg, 40) }

// flagMistake says what is wrong with a flag, and which flag may have been meant.
func flagMistake(c *cobra.Command, err error) error {
	if args := c.Flags().Args(); len(args) > 0 && takesOnlyVerbs(c) {
		return noVerb(c, args[0]) // whose flags nobody knows
	}
	text := strings.TrimRight(err.Error(), ".")
	var value interface{ GetValue() string }
	var named interface{ GetSpecifiedName() string }
	var short interface{ GetSpecifiedShortnames() string }
	switch {
	case strings.HasPrefix(text, "unknown shorthand") && errors.As(err, &short):
		text = "unknown flag: -" + short.GetSpecifiedShortnames()
	case errors.As(err, &value):
		text = valueMistake(text, value.GetValue())
	case strings.HasPrefix(text, "unknown flag") && errors.As(err, &named):
		if near := offerql.Nearest(named.GetSpecifiedName(), flagNames(c)); near != "" {
			text += ". Perhaps --" + near
		}
	case strings.HasPrefix(text, "flag needs an argument: "):
		text = strings.TrimPrefix(text, "flag needs an argument: ") + " needs a value behind it"
	}
	return usagef("%s. See `%s --help`.", safetext.Clean(text, safetext.MaxRunes), c.CommandPath())
}

// valueMistake says that the value of a flag cannot be read. text is
//
//	invalid argument "abc" for "-d, --disk" flag: …
func valueMistake(text, value string) string {
	_, rest, _ := strings.Cut(text, " for \"")
	flag, why, ok := strings.Cut(rest, "\" flag: ")
	if !ok {
		return text
	}
	flag = flag[max(0, strings.Index(flag, "--")):]
	what := "is no value for it"
	switch {
	case strings.Contains(why, "ParseFloat"):
		what = "is no number"
	case strings.Contains(why, "ParseInt"):
		what = "is no whole number"
	case strings.Contains(why, "ParseBool"):
		what = "is neither true nor false"
	case strings.Contains(why, "time:"):
		what = "is no time such as 90s, 10m or 2h"
	}
	return flag + ": " + safetext.Quote(value, 40) + " " + what
}

// flagLine is a flag in the list of flags that a help shows.
var flagLine = regexp.MustCompile(`(?m)^ +(?:-\w, )?--([\w-]+)`)

// flagNames are the flags of c that its help shows.
func flagNames(c *cobra.Command) []string {
	var names []string
	for _, found := range flagLine.FindAllStringSubmatch(c.Flags().FlagUsages()+c.InheritedFlags().FlagUsages(), -1) {
		names = append(names, found[1])
	}
	return names
}
