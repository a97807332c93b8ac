package rental

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// MaxDotEnv is how long the text of a .env file may be, in bytes.
const MaxDotEnv = 1 << 16

// maxVariables is more than any container is given.
const maxVariables = 1000

// DotEnvError says which line of a .env file is not understood. It holds nothing
// of the line itself, which may be secret.
type DotEnvError struct {
	Line int    // from 1
	Text string // what is wrong and what to do about it
}

// Error is the text with its line.
func (e *DotEnvError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// ParseDotEnv reads the text of a .env file: one NAME=VALUE a line, # comments,
// an optional export. A value in single quotes is taken as it is; in double
// quotes \n \r \t \" \\ and \$ are replaced; both may go over several lines.
// Nothing is looked up or carried out: $NAME stays as it is. Line ends may be
// CRLF, and a byte order mark is left out. The error is a *DotEnvError.
func ParseDotEnv(text string) (Env, error) {
	if len(text) > MaxDotEnv {
		return nil, &DotEnvError{1, fmt.Sprintf("the file has more than %d bytes: is it the right one?", MaxDotEnv)}
	}
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	p := dotEnv{text: text, line: 1, env: Env{}, lines: map[string]int{}}
	if at := strings.IndexFunc(text, notText); at >= 0 {
		return nil, &DotEnvError{1 + strings.Count(text[:at], "\n"), "this is no text: is it the right file?"}
	}
	if !utf8.ValidString(text) {
		return nil, &DotEnvError{1, "this is no UTF-8 text: save it as UTF-8"}
	}
	for p.at < len(p.text) {
		if err := p.entry(); err != nil {
			return nil, err
		}
	}
	return p.env, nil
}

// notText holds for characters that no variable has.
func notText(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }

type dotEnv struct {
	text  string
	at    int
	line  int
	env   Env
	lines map[string]int // where each name stands
}

func (p *dotEnv) errorf(format string, args ...any) error {
	return &DotEnvError{p.line, fmt.Sprintf(format, args...)}
}

// entry reads one line, or several when a quoted value goes over them.
func (p *dotEnv) entry() error {
	line, _, _ := strings.Cut(p.text[p.at:], "\n")
	trimmed := strings.TrimLeft(line, " \t\r")
	if trimmed == "" || trimmed[0] == '#' {
		p.skipLine()
		return nil
	}
	head, _, ok := strings.Cut(trimmed, "=")
	if !ok {
		return p.errorf("there is no = on it: write NAME=VALUE, or # before a comment")
	}
	name := head
	if rest, exported := strings.CutPrefix(head, "export"); exported && strings.TrimLeft(rest, " \t") != rest {
		name = rest
	}
	name = strings.Trim(name, " \t")
	p.at += len(line) - len(trimmed) + len(head) + 1
	begun := p.line
	value, err := p.value()
	if err != nil {
		return err
	}
	return p.set(name, value, begun)
}

func (p *dotEnv) set(name, value string, line int) error {
	if f := checkVariable(name, value); f != nil {
		return &DotEnvError{line, f.text}
	}
	if before, twice := p.lines[name]; twice {
		return &DotEnvError{line, fmt.Sprintf("this name is set on line %d already: keep one of the two", before)}
	}
	if len(p.env) == maxVariables {
		return &DotEnvError{line, fmt.Sprintf("more than %d variables: is it the right file?", maxVariables)}
	}
	p.env[name], p.lines[name] = value, line
	return nil
}

// skipLine goes to the next line.
func (p *dotEnv) skipLine() {
	if end := strings.IndexByte(p.text[p.at:], '\n'); end >= 0 {
		p.at += end + 1
		p.line++
		return
	}
	p.at = len(p.text)
}

// value reads what stands after the equals sign, and goes to the next line.
func (p *dotEnv) value() (string, error) {
	begun := p.at
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t') {
		p.at++
	}
	if p.at == len(p.text) || !isQuote(p.text[p.at]) {
		return p.bare(p.at > begun), nil
	}
	value, err := p.quoted()
	if err != nil {
		return "", err
	}
	rest, _, _ := strings.Cut(p.text[p.at:], "\n")
	if rest = strings.TrimSpace(rest); rest != "" && rest[0] != '#' {
		return "", p.errorf("after the closing quote only a comment may come: put quotes around the whole value")
	}
	p.skipLine()
	return value, nil
}

// bare reads a value without quotes: up to the end of the line, or to a # after
// white space, which spaced says has just been skipped.
func (p *dotEnv) bare(spaced bool) string {
	line, _, _ := strings.Cut(p.text[p.at:], "\n")
	p.skipLine()
	if spaced && strings.HasPrefix(line, "#") {
		return ""
	}
	for _, mark := range []string{" #", "\t#"} {
		line, _, _ = strings.Cut(line, mark)
	}
	return strings.TrimRight(line, " \t\r")
}

// quoted reads a value between quotes.
func (p *dotEnv) quoted() (string, error) {
	quote, begun := p.text[p.at], p.line
	var out strings.Builder
	for p.at++; p.at < len(p.text); p.at++ {
		c := p.text[p.at]
		switch {
		case c == quote:
			p.at++
			return out.String(), nil
		case c == '\\' && quote == '"' && p.at+1 < len(p.text):
			p.at++
			out.WriteString(unescape(p.text[p.at]))
			if p.text[p.at] == '\n' {
				p.line++
			}
			continue
		case c == '\n':
			p.line++
		}
		out.WriteByte(c)
	}
	return "", &DotEnvError{begun, "its quote is never closed: close it where the value ends"}
}

// unescape is what \c stands for between double quotes; what is not known stays.
func unescape(c byte) string {
	switch c {
	case 'n':
		return "\n"
	case 'r':
		return "\r"
	case 't':
		return "\t"
	case '"', '\\', '$':
		return string(c)
	}
	return string([]byte{'\\', c}) // perhaps the first byte of a character of several
}

// Missing lists the required names that e does not have or leaves empty, in
// their order.
func (e Env) Missing(required []string) []string {
	var missing []string
	for _, name := range required {
		if e[name] == "" && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	return missing
}

// Require is a FieldError for "env" that names all required names e lacks at
// once; nil when none is missing.
func (e Env) Require(required []string) error {
	missing := e.Missing(required)
	if len(missing) == 0 {
		return nil
	}
	for n := range missing {
		missing[n] = safetext.Clean(missing[n], maxQuoted)
	}
	return FieldError{"env", "missing: " + strings.Join(missing, ", ")}
}

// LooksSecret reports whether a variable of that name is likely to hold a secret.
func LooksSecret(name string) bool { return vastapi.SecretName(name) }

// Secrets are the names in e that look as if their values were secret, sorted.
func (e Env) Secrets() []string {
	return slices.DeleteFunc(e.Names(), func(name string) bool { return !LooksSecret(name) })
}
