package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/tui/bids"
	"vastdeck/tui/costs"
	"vastdeck/tui/instances"
	"vastdeck/tui/volumes"
	"vastdeck/vastapi/offerql"
)

// docsRoot is the repository as this package's tests see it.
const docsRoot = "../.."

// documents are the texts that people read, from the repository's root.
var documents = []string{"README.md", "tui/ARCHITECTURE.md", ".github/CONTRIBUTING.md"}

func TestREADMEIsCurrent(t *testing.T) {
	path := filepath.Join(docsRoot, "README.md")
	have := readDocument(t, "README.md")
	want := have
	for _, part := range []struct{ name, text string }{
		{"keys", keyTable()}, {"query", fieldTable(offerql.Fields())}, {"instances", fieldTable(instances.Fields())},
		{"volumes", fieldTable(volumes.Fields())}, {"bids", fieldTable(bids.Fields())}, {"costs", fieldTable(costs.Fields())},
		{"verbs", verbTable()},
	} {
		var err error
		if want, err = between(want, part.name, part.text); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(have, "\n")); diff != "" {
		t.Errorf("the generated parts of README.md are out of date; `make docs` writes them (- is what they should say):\n%s", diff)
	}
}

// between replaces what stands between the markers of a part.
func between(text, part, with string) (string, error) {
	begin, end := "<!-- "+part+":begin -->\n", "<!-- "+part+":end -->"
	if strings.Count(text, begin) != 1 || strings.Count(text, end) != 1 {
		return "", fmt.Errorf("README.md needs the markers %q and %q once each, on lines of their own", strings.TrimSpace(begin), end)
	}
	from := strings.Index(text, begin) + len(begin)
	to := strings.Index(text, end)
	if to < from {
		return "", fmt.Errorf("README.md: %s stands before %s", end, strings.TrimSpace(begin))
	}
	return text[:from] + "\n" + strings.TrimRight(with, "\n") + "\n\n" + text[to:], nil
}

// keyTable is the program's own table of keys, made of its actions.
func keyTable() string { return tui.New(context.Background(), tui.Deps{}).KeyTable() }

// fieldTable lists what a query can name.
func fieldTable(fields []offerql.Field) string {
	var b strings.Builder
	b.WriteString("| field | also | values | what it is |\n|---|---|---|---|\n")
	for _, f := range fields {
		if f.VolumeOnly {
			continue
		}
		values := string(f.Kind)
		if f.Unit != "" {
			values = f.Unit
		}
		help := f.Help
		if f.LocalOnly {
			help += "; checked on this machine only"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Name, codes(f.Aliases), cell(values), cell(help))
	}
	return b.String()
}

// verbTable lists the verbs with the flags of their own, as their help tells them.
func verbTable() string {
	var b strings.Builder
	b.WriteString("| verb | what it does | flags |\n|---|---|---|\n")
	walkVerbs((&app{getenv: func(string) string { return "" }}).command(), func(c *cobra.Command) {
		var flags []string
		for _, m := range flagLines.FindAllStringSubmatch(c.LocalFlags().FlagUsages(), -1) {
			if m[1] != "help" {
				flags = append(flags, "--"+m[1])
			}
		}
		if !c.Runnable() {
			return
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", cell(c.CommandPath()+strings.TrimPrefix(c.Use, c.Name())), cell(c.Short), codes(flags))
	})
	return b.String()
}

func codes(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = "`" + n + "`"
	}
	return strings.Join(quoted, " ")
}

// cell is a text that cannot end its cell in a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func TestEveryGeneratedTableHasRows(t *testing.T) {
	t.Parallel()
	keys, fields, own := keyTable(), fieldTable(offerql.Fields()), fieldTable(instances.Fields())
	for _, want := range []string{"| Market | `r` |", "| Instances | `D` |", "| everywhere | `?` |", "| tables |", "| everywhere | `1` | Market |"} {
		if !strings.Contains(keys, want) {
			t.Errorf("the key table lacks %q:\n%s", want, keys)
		}
	}
	for _, want := range []string{"| `gpu_name` | `gpu` |", "| `dph_total` | `dph` | $/h |"} {
		if !strings.Contains(fields, want) {
			t.Errorf("the field table lacks %q:\n%s", want, fields)
		}
	}
	if want := "| `dph_total` | `dph` `cost` | $/h |"; !strings.Contains(own, want) {
		t.Errorf("the field table of instances lacks %q:\n%s", want, own)
	}
	for _, table := range []string{keys, fields, own} {
		lines := strings.Split(strings.TrimSpace(table), "\n")
		columns := strings.Count(lines[0], "|")
		for _, l := range lines {
			if strings.Count(l, "|")-strings.Count(l, `\|`) != columns {
				t.Errorf("a row with other columns than its header: %s", l)
			}
		}
	}
}

var (
	docLinks    = regexp.MustCompile(`!?\[[^\]]*\]\(([^)\s]+)\)`)
	docFences   = regexp.MustCompile("(?ms)^```.*?^```$")
	docSpans    = regexp.MustCompile("`([^`\n]+)`")
	docMakes    = regexp.MustCompile(`(?:^|\s)make ([a-z][a-z-]*)`)
	makeRules   = regexp.MustCompile(`(?m)^([a-z][a-z-]*):`)
	docHeadings = regexp.MustCompile(`(?m)^#+ (.+)$`)
	anchorCut   = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	flagLines   = regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z][a-z-]*)`)
	tomlBlock   = regexp.MustCompile("(?ms)^```toml\n(.*?)^```$")
	// inTree matches paths of the repository. What has a placeholder or a star in it is none.
	inTree = regexp.MustCompile(`^(?:cmd|tui|vastapi|store|screenshots|\.ci|\.github)(?:/[\w.-]+)+/?$`)
)

func TestEveryLinkInTheDocumentsLeadsSomewhere(t *testing.T) {
	t.Parallel()
	for _, name := range documents {
		text := docFences.ReplaceAllString(readDocument(t, name), "")
		for _, m := range docLinks.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if fault := linkFault(t, name, m[1]); fault != "" {
				t.Errorf("%s: %s", name, fault)
			}
		}
	}
}

// linkFault says what is wrong with a relative link, "" when nothing is.
func linkFault(t *testing.T, document, link string) string {
	t.Helper()
	file, anchor, _ := strings.Cut(link, "#")
	target := document
	if file != "" {
		target = filepath.ToSlash(filepath.Join(filepath.Dir(document), file))
	}
	if _, err := os.Stat(filepath.Join(docsRoot, target)); err != nil {
		return fmt.Sprintf("links to %s, and there is no %s", link, target)
	}
	if anchor != "" && !slices.Contains(anchors(readDocument(t, target)), anchor) {
		return fmt.Sprintf("links to %s, and %s has no such heading", link, target)
	}
	return ""
}

// anchors are the names under which the headings of a document are linked to.
func anchors(text string) []string {
	var names []string
	for _, m := range docHeadings.FindAllStringSubmatch(docFences.ReplaceAllString(text, ""), -1) {
		name := anchorCut.ReplaceAllString(strings.ToLower(m[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}

func TestEveryMakeTargetInTheDocumentsExists(t *testing.T) {
	t.Parallel()
	targets := map[string]bool{}
	for _, m := range makeRules.FindAllStringSubmatch(readDocument(t, "Makefile"), -1) {
		targets[m[1]] = true
	}
	if len(targets) == 0 {
		t.Fatal("no target found in the Makefile")
	}
	for _, name := range documents {
		for _, code := range codeIn(readDocument(t, name)) {
			for _, m := range docMakes.FindAllStringSubmatch(code, -1) {
				if !targets[m[1]] {
					t.Errorf("%s names `make %s`, and the Makefile has no such target", name, m[1])
				}
			}
		}
	}
}

func TestEveryPathInTheDocumentsExists(t *testing.T) {
	t.Parallel()
	for _, name := range documents {
		found := 0
		for _, code := range codeIn(readDocument(t, name)) {
			if !inTree.MatchString(code) {
				continue
			}
			found++
			if _, err := os.Stat(filepath.Join(docsRoot, code)); err != nil {
				t.Errorf("%s names `%s`, which does not exist", name, code)
			}
		}
		if found == 0 {
			t.Errorf("%s names no path of the repository: the test looks for the wrong thing", name)
		}
	}
}

func TestREADMENamesEveryFlagAndVerb(t *testing.T) {
	t.Parallel()
	readme := readDocument(t, "README.md")
	root := (&app{getenv: func(string) string { return "" }}).command()
	said := func(kind, code string) {
		if !regexp.MustCompile("`" + regexp.QuoteMeta(code) + "[` ]").MatchString(readme) {
			t.Errorf("README.md does not mention the %s %s", kind, code)
		}
	}
	flags := 0
	say := func(c *cobra.Command) {
		// What is hidden is left out of the usage text.
		for _, m := range flagLines.FindAllStringSubmatch(c.LocalFlags().FlagUsages(), -1) {
			flags++
			said("flag", "--"+m[1])
		}
	}
	say(root)
	verbs := 0
	walkVerbs(root, func(c *cobra.Command) {
		verbs++
		said("verb", c.CommandPath())
		say(c)
	})
	if verbs == 0 || flags == 0 {
		t.Errorf("%d verbs and %d flags found: the test looks in the wrong place", verbs, flags)
	}
}

// walkVerbs visits the commands below c that are shown in its help.
func walkVerbs(c *cobra.Command, visit func(*cobra.Command)) {
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			visit(sub)
			walkVerbs(sub, visit)
		}
	}
}

func TestREADMESettingsAreTheDefaults(t *testing.T) {
	t.Parallel()
	blocks := tomlBlock.FindAllStringSubmatch(readDocument(t, "README.md"), -1)
	if len(blocks) != 1 {
		t.Fatalf("README.md has %d blocks of TOML, want the one with all settings", len(blocks))
	}
	block := blocks[0][1]
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(block), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := store.LoadSettings(path)
	if err != nil {
		t.Fatalf("the settings shown in README.md cannot be read: %v", err)
	}
	for _, key := range tomlKeys(reflect.TypeOf(store.Settings{})) {
		if !regexp.MustCompile(`(?m)^\[{0,2}` + regexp.QuoteMeta(key) + `\b`).MatchString(block) {
			t.Errorf("README.md does not show the setting %s", key)
		}
	}
	// What has no default is shown with an example.
	want := store.DefaultSettings()
	got.KeyCommand, got.Profiles = want.KeyCommand, want.Profiles
	got.Keys, got.Commands, got.Places = want.Keys, want.Commands, want.Places
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("README.md shows other values than the defaults (- is the default):\n%s", diff)
	}
}

// tomlKeys are the names of the settings, those in tables included.
func tomlKeys(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("toml") == "-" {
			continue
		}
		keys = append(keys, f.Tag.Get("toml"))
		inner := f.Type
		if inner.Kind() == reflect.Map {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct {
			keys = append(keys, tomlKeys(inner)...)
		}
	}
	return keys
}

// codeIn lists what a document shows as code: the lines of its blocks and the
// spans in its text.
func codeIn(text string) []string {
	var code []string
	for _, block := range docFences.FindAllString(text, -1) {
		code = append(code, strings.Split(block, "\n")...)
	}
	for _, m := range docSpans.FindAllStringSubmatch(docFences.ReplaceAllString(text, ""), -1) {
		code = append(code, m[1])
	}
	return code
}

func readDocument(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(docsRoot, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
