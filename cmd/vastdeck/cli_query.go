package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/safetext"
)

// queryFlags are the flags of the verb query.
type queryFlags struct {
	volumes, noDefault, ordered bool
	order                       string
}

func (a *app) queryCommand() *cobra.Command {
	var f queryFlags
	c := &cobra.Command{
		Use:   "query 'QUERY'",
		Short: "Print the search filter that a query becomes",
		Long: "query reads a query of the market and prints the filter that is sent for it, as one JSON object.\n" +
			"It needs neither a key nor the network. Conditions that no filter can say are named on standard\n" +
			"error. A whole `vastai search offers '…' -o '…'` line is understood too.\n" +
			"Several arguments are one query; one that begins with - goes behind --.",
		Example: "vastdeck query 'gpu_name=RTX_4090 num_gpus>=2 dph<0.6 -CN'\nvastdeck query '4090|5090 reliability>99%' --order 'dph_total,score-'",
		RunE: func(c *cobra.Command, args []string) error {
			f.ordered = c.Flags().Changed("order")
			return a.done(a.query(strings.Join(args, " "), f))
		},
	}
	l := c.Flags()
	l.BoolVar(&f.volumes, "volumes", false, "the query is about offers of volumes")
	l.StringVar(&f.order, "order", "", "add how the answer is sorted: `FIELDS`, e.g. 'dph_total,score-'")
	l.BoolVar(&f.noDefault, "no-default", false, "without verified, external and rentable (for volumes: disk_space)")
	return c
}

// query prints the filter of a query.
func (a *app) query(text string, f queryFlags) error {
	o, err := readQuery(text, f)
	if err != nil {
		return pointed(text, err)
	}
	body := map[string]any{}
	for column, ops := range o.Filter() {
		body[column] = ops
	}
	if f.ordered {
		order, err := offerql.ParseOrder(f.order)
		if err != nil {
			return pointed(f.order, err)
		}
		o.Order = append([][2]string{}, order...)
	}
	if o.Order != nil {
		body["order"] = o.Order
	}
	if local := o.Query.Local(); len(local) > 0 {
		fmt.Fprintln(a.stderr, "applied locally: "+safetext.Clean(strings.Join(local, ", "), maxShown))
	}
	if why := o.Query.Contradiction(); why != "" {
		fmt.Fprintln(a.stderr, "no offer can satisfy this: "+safetext.Clean(why, maxShown))
	}
	out, err := asciiJSON(body)
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(out)
	return err
}

// readQuery reads a query, or a whole line of the official client.
func readQuery(text string, f queryFlags) (o offerql.Official, err error) {
	if offerql.IsOfficial(text) {
		o, err = offerql.FromOfficial(text)
		o.NoDefault = o.NoDefault || f.noDefault
		return o, err
	}
	o = offerql.Official{Volumes: f.volumes, NoDefault: f.noDefault}
	parse := offerql.Parse
	if f.volumes {
		parse = offerql.ParseVolumes
	}
	// A space ends the last word: whoever gives it as an argument is not typing it.
	o.Query, err = parse(text + " ")
	return o, err
}

const (
	// maxShown is the most of a line that is repeated on standard error.
	maxShown = 1000
	// before and behind are the cells of a long query shown around a mistake.
	before, behind = 60, 30
)

// pointed is the error of a query with the query and a caret under the mistake.
func pointed(text string, err error) error { return pointedIn("query", text, err) }

// pointedIn is pointed for another verb.
func pointedIn(verb, text string, err error) error {
	var e *offerql.Error
	if !errors.As(err, &e) {
		return err
	}
	sentence := safetext.Clean(e.Text, maxShown)
	if e.Suggest != "" {
		sentence += " (did you mean " + safetext.Clean(e.Suggest, maxShown) + "?)"
	}
	return &exitError{exitUsage, "vastdeck " + verb + ": column " + fmt.Sprint(utf8.RuneCountInString(text[:min(e.Col, len(text))])+1) +
		"\n" + caret(text, e.Col, e.Len) + ended(asSentence(sentence))}
}

// asSentence gives a sentence a capital letter, unless it begins with a field's name
// or a term.
func asSentence(sentence string) string {
	first, _, _ := strings.Cut(sentence, " ")
	if _, is := offerql.Lookup(first); is || sentence == "" || strings.ContainsAny(first, "_=<>!~") {
		return sentence
	}
	return strings.ToUpper(sentence[:1]) + sentence[1:]
}

// caret is the query, made inert, with a line under the mistake that stands from
// col on; of a long query it is the part around it.
func caret(text string, col, length int) string {
	from := min(max(col, 0), len(text))
	to := min(max(col+length, from), len(text))
	head := lastCells(inert(text[:from]), before)
	body := inert(text[from:to])
	tail := ansi.Truncate(inert(text[to:]), behind, "…")
	if ansi.StringWidth(body) > before {
		body, tail = ansi.Truncate(body, before, "…"), ""
	}
	marks := strings.Repeat("^", max(ansi.StringWidth(body), 1))
	return "  " + head + body + tail + "\n  " + strings.Repeat(" ", ansi.StringWidth(head)) + marks + "\n"
}

// inert is a part of a query in which nothing acts on a terminal.
func inert(s string) string { return safetext.Clean(s, len(s)+1) }

// lastCells is the end of s that has at most n cells.
func lastCells(s string, n int) string {
	w := ansi.StringWidth(s)
	if w <= n {
		return s
	}
	return "…" + ansi.TruncateLeft(s, w-n+1, "")
}

// asciiJSON is v as one line of JSON in which nothing acts on a terminal: what is
// no plain letter or sign is written as \uXXXX.
func asciiJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return appendInert(nil, b.String()), nil
}
