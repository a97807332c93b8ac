package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"vastdeck/vastapi"
)

// The manual page: all verbs with their flags, and what no verb tells of itself.

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use: "man", Short: "Print the manual page, for man(1)", Args: cobra.NoArgs,
		Example: "vastdeck man | man -l -",
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := io.WriteString(a.stdout, manualPage(c.Root()))
			return err
		},
	}
}

// exitCodes are the exit codes with what they mean.
var exitCodes = [][2]string{
	{"0", "done"},
	{"1", "it failed; the sentence on standard error says why"},
	{"2", "a mistake on the command line or in a query, or no terminal for the full-screen program"},
	{"3", "not logged in, or the key opens no account"},
	{"4", "refused and nothing was sent: nobody agreed, read-only, a cap, a budget, a right that the key lacks, or things have changed"},
	{"5", "a request was sent and nobody knows yet what came of it; the next run looks it up, and vastdeck doctor tells"},
	{"129, 130, 143", "ended by HUP, interrupted, ended by TERM"},
	{"other", "vastdeck ssh passes on the exit status of the remote command; 255 is ssh's own failure"},
}

// environment are the variables that count.
var environment = [][2]string{
	{"VAST_API_KEY", "the API key; taken out of the environment at once, and never given to a child"},
	{registryVariable, "the password of --registry-user, for rent and bid; taken out of the environment likewise"},
	{"VAST_URL", "base URL of the API, unless --url names one (" + vastapi.DefaultBaseURL + ")"},
	{"VASTDECK_READ_ONLY", "refuse every request that changes something"},
	{"XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_RUNTIME_DIR", "where the files below are, and sockets; when they are not set ~/.config, ~/.local/state and a folder of the system's"},
	{"NO_COLOR", "no colours, whatever its value"},
	{"VISUAL, EDITOR", "the editor in which the full-screen program opens texts"},
	{"TERM, TMUX", "what the terminal can do"},
}

// manFiles are the files of the program.
var manFiles = [][2]string{
	{"$XDG_CONFIG_HOME/vastdeck/config.toml", "the user's settings; never written by the program"},
	{"$XDG_STATE_HOME/vastdeck/PROFILE/state.json", "what is remembered between runs"},
	{"$XDG_STATE_HOME/vastdeck/PROFILE/journal/", "what was sent and what came of it, a file for each process"},
	{"$XDG_STATE_HOME/vastdeck/PROFILE/history.db", "prices and rentals of the past"},
	{"$XDG_STATE_HOME/vastdeck/PROFILE/known.json", "ids and names, for completion"},
	{"$XDG_STATE_HOME/vastdeck/PROFILE/known_hosts", "host keys of instances"},
	{"$XDG_STATE_HOME/vastdeck/vastdeck.log, crash/", "the log and crash reports, without secrets"},
}

// manualPage is the page in the language of man(7).
func manualPage(root *cobra.Command) string {
	root.InitDefaultHelpFlag()
	var m roff
	m.line(".TH VASTDECK 1 \"\" %s \"User Commands\"", quotedRoff("vastdeck "+version))
	m.section("NAME")
	m.text("vastdeck - " + strings.ToLower(root.Short[:1]) + root.Short[1:])
	m.section("SYNOPSIS")
	m.line("\\fBvastdeck\\fR [\\fIoptions\\fR]")
	m.line(".br")
	m.line("\\fBvastdeck\\fR \\fIverb\\fR [\\fIoptions\\fR] [\\fIarguments\\fR]")
	m.section("DESCRIPTION")
	m.text(root.Long)
	m.text("Without a verb it is a full-screen program. With one it does that and ends; a verb that changes something shows what it comes to and asks, " +
		"and without a terminal it needs --yes. --json prints data with a version in it: figures that are not known are null. " +
		"A verb that fails prints the reason as data then, as well as on standard error. Verbs can be used while the full-screen program is open.")
	m.section("OPTIONS")
	m.text("Every verb takes these too; --ascii, --theme, --no-mouse and --no-supervisor are for the full-screen program alone.")
	m.flags(root.LocalFlags())
	m.section("VERBS")
	m.verbs(root)
	for _, part := range []struct {
		title string
		list  [][2]string
	}{{"EXIT STATUS", exitCodes}, {"ENVIRONMENT", environment}, {"FILES", manFiles}} {
		m.section(part.title)
		for _, one := range part.list {
			m.tagged(one[0], one[1])
		}
	}
	m.section("EXAMPLES")
	m.example(root.Example)
	return m.String()
}

// roff writes man(7).
type roff struct{ strings.Builder }

func (m *roff) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

func (m *roff) section(title string) { m.line(".SH %s", title) }

// text writes paragraphs as they stand.
func (m *roff) text(text string) {
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		m.line("%s", escapedRoff(line))
	}
	m.line(".PP")
}

func (m *roff) tagged(tag, text string) {
	m.line(".TP\n\\fB%s\\fR\n%s", escapedRoff(tag), escapedRoff(text))
}

func (m *roff) example(text string) {
	if text == "" {
		return
	}
	m.line(".PP\n.nf")
	for line := range strings.SplitSeq(text, "\n") {
		m.line("    %s", strings.TrimPrefix(escapedRoff(line), `\&`))
	}
	m.line(".fi")
}

// flags writes what the usages of some flags say: a flag a line, its text behind blanks.
func (m *roff) flags(set interface{ FlagUsages() string }) {
	for line := range strings.SplitSeq(set.FlagUsages(), "\n") {
		tag, text, ok := strings.Cut(strings.TrimSpace(line), "   ")
		if ok && tag != "-h, --help" {
			m.tagged(tag, strings.TrimSpace(text))
		}
	}
}

func (m *roff) verbs(c *cobra.Command) {
	walkShown(c, func(c *cobra.Command) {
		m.line(".SS %s", quotedRoff(c.UseLine()))
		text := c.Long
		if text == "" {
			text = ended(c.Short)
		}
		m.text(text)
		m.flags(c.LocalNonPersistentFlags())
		m.example(c.Example)
	})
	m.line(".SS \"vastdeck completion SHELL\"")
	m.text("completion prints a script that has bash, zsh, fish or powershell complete verbs, flags, ids, names and queries. " +
		"`vastdeck completion SHELL --help` says where it goes.")
}

// walkShown visits the commands below c that are shown in its help.
func walkShown(c *cobra.Command, visit func(*cobra.Command)) {
	for _, sub := range c.Commands() {
		if sub.Hidden || sub.Name() == "help" || sub.Name() == "completion" {
			continue
		}
		if sub.Runnable() {
			visit(sub)
		}
		walkShown(sub, visit)
	}
}

// escapedRoff is a line that man(7) prints as it is.
func escapedRoff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "’", "'", "…", "...", "·", `\(bu`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		return `\&` + s
	}
	return s
}

// quotedRoff is one argument of a macro.
func quotedRoff(s string) string { return `"` + strings.ReplaceAll(escapedRoff(s), `"`, `\(dq`) + `"` }
