package rental

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// EnvError says which part of an environment is not understood. It does not hold
// the part itself in its text: that may be a secret.
type EnvError struct {
	Column int    // of the first character, from 1, in characters
	Length int    // in characters, at least 1
	Token  string // the part as it was typed; may be secret
	Text   string // what is wrong and what to do about it
}

// Error is the text with its place.
func (e *EnvError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Text) }

// MaxEnvText is how long a text may be that ParseEnv reads, in bytes.
const MaxEnvText = 1 << 16

// ParseEnv reads the docker flags -e, -p, -v, -h and -n, with their long names,
// and plain NAME=VALUE. Whatever is not understood is an *EnvError; nothing is
// dropped. White space separates; single or double quotes around a whole value,
// or a whole NAME=VALUE, keep it together; inside a value they are characters
// like any other, and so is the backslash.
func ParseEnv(text string) (Env, error) {
	if len(text) > MaxEnvText {
		return nil, &EnvError{Column: 1, Length: 1, Text: fmt.Sprintf("this is longer than %d bytes: put large values into a file on the machine", MaxEnvText)}
	}
	p := envParser{text: text, env: Env{}, ports: map[string]bool{}, mounts: map[string]bool{}}
	if err := p.run(); err != nil {
		return nil, err
	}
	return p.env, nil
}

// token is one word of the text, its quotes taken away.
type token struct {
	at, end int // bytes in the text
	value   string
	quoted  bool // begins with a quote
}

// fault is what is wrong with a part, before its place is known.
type fault struct{ text string }

type envParser struct {
	text   string
	at     int
	env    Env
	ports  map[string]bool
	mounts map[string]bool
}

func (p *envParser) run() error {
	for {
		t, ok, err := p.next()
		if err != nil || !ok {
			return err
		}
		if err := p.item(t); err != nil {
			return err
		}
	}
}

// item takes a flag with its value, or a variable.
func (p *envParser) item(t token) error {
	flag, value, glued := splitFlag(t)
	switch {
	case t.quoted && strings.HasPrefix(t.value, "-"):
		return p.errAt(t, "the quotes make one word of the flags in them: take the quotes away")
	case flag == "" && !strings.HasPrefix(t.value, "-") && strings.Contains(t.value, "="):
		return p.take("-e", t)
	case flag == "":
		return p.errAt(t, notUnderstood(t.value))
	case !glued:
		next, ok, err := p.next()
		if err != nil {
			return err
		}
		if !ok || !next.quoted && strings.HasPrefix(next.value, "-") {
			return p.errAt(t, missingValue(flag))
		}
		return p.take(flag, next)
	}
	return p.take(flag, token{at: t.at, end: t.end, value: value})
}

// longFlags are docker's names of the flags.
var longFlags = map[string]string{
	"--env": "-e", "--publish": "-p", "--volume": "-v", "--hostname": "-h", "--network": "-n", "--net": "-n",
}

const shortFlags = "epvhn"

// splitFlag finds the flag that a token begins with, and the value that is glued
// to it: -p8080:8080, -p=8080:8080, --env=A=1.
func splitFlag(t token) (flag, value string, glued bool) {
	if t.quoted || !strings.HasPrefix(t.value, "-") {
		return "", "", false
	}
	if strings.HasPrefix(t.value, "--") {
		name, value, glued := strings.Cut(t.value, "=")
		return longFlags[name], value, glued
	}
	if len(t.value) < 2 || !strings.Contains(shortFlags, t.value[1:2]) {
		return "", "", false
	}
	rest := t.value[2:]
	if rest != "" && rest[0] != '=' && strings.Contains("hn", t.value[1:2]) {
		return "", "", false // -help and -name are no host and no network
	}
	return t.value[:2], strings.TrimPrefix(rest, "="), rest != ""
}

func notUnderstood(s string) string {
	switch {
	case strings.HasPrefix(s, "--gpus") || strings.HasPrefix(s, "--runtime"):
		return "the GPUs come with the offer: take this flag away"
	case strings.HasPrefix(s, "-"):
		return "only -e, -p, -v, -h and -n are taken: take this flag away"
	case isPortLike(s):
		return "a port needs its flag: write -p before it"
	}
	return "this belongs to nothing: write NAME=VALUE, and put quotes around a value with spaces"
}

func missingValue(flag string) string {
	return map[string]string{
		"-e": "-e needs NAME=VALUE after it",
		"-p": "-p needs a port after it, e.g. -p 8080:8080",
		"-v": "-v needs a volume and a folder after it, e.g. -v V.881:/data",
		"-h": "-h needs a host name after it, e.g. -h trainbox",
		"-n": "-n needs the name of a network after it",
	}[flag]
}

// take stores one flag's value.
func (p *envParser) take(flag string, t token) error {
	var f *fault
	switch flag {
	case "-e":
		f = p.variable(t.value)
	case "-p":
		f = p.port(t.value)
	case "-v":
		f = p.mount(t.value)
	case "-h":
		f = p.hostname(t.value)
	default:
		f = p.network(t.value)
	}
	if f != nil {
		return p.errAt(t, f.text)
	}
	return nil
}

// next is the next token; false at the end of the text.
func (p *envParser) next() (token, bool, error) {
	for p.at < len(p.text) && isSpace(p.text[p.at]) {
		p.at++
	}
	if p.at == len(p.text) {
		return token{}, false, nil
	}
	t := token{at: p.at, quoted: isQuote(p.text[p.at])}
	var out strings.Builder
	if !t.quoted {
		p.name(&out)
	}
	if err := p.value(&out); err != nil {
		return token{}, false, err
	}
	t.end, t.value = p.at, out.String()
	return t, true, nil
}

// name reads a flag or the name of a variable with its equals sign, up to where
// a value may begin: in --env=A='x y' that is after the second.
func (p *envParser) name(out *strings.Builder) {
	for p.at < len(p.text) && !isSpace(p.text[p.at]) {
		c := p.text[p.at]
		flag := isWholeFlag(out.String())
		out.WriteByte(c)
		p.at++
		if c == '=' && !flag {
			return
		}
	}
}

func isWholeFlag(s string) bool {
	return longFlags[s] != "" || len(s) == 2 && s[0] == '-' && strings.Contains(shortFlags, s[1:])
}

// value reads up to the next white space. A value that begins with a quote is
// made of quoted pieces alone.
func (p *envParser) value(out *strings.Builder) error {
	if p.at == len(p.text) || !isQuote(p.text[p.at]) {
		for p.at < len(p.text) && !isSpace(p.text[p.at]) {
			out.WriteByte(p.text[p.at])
			p.at++
		}
		return nil
	}
	for p.at < len(p.text) && isQuote(p.text[p.at]) {
		open := p.at
		end := strings.IndexByte(p.text[open+1:], p.text[open])
		if end < 0 {
			return p.errSpan(open, len(p.text), "this quote is never closed: close it where the value ends")
		}
		out.WriteString(p.text[open+1 : open+1+end])
		p.at = open + 1 + end + 1
	}
	if p.at < len(p.text) && !isSpace(p.text[p.at]) {
		return p.errSpan(p.at, p.wordEnd(), "after a closing quote comes a space: put quotes around the whole value")
	}
	return nil
}

func (p *envParser) wordEnd() int {
	end := p.at
	for end < len(p.text) && !isSpace(p.text[end]) {
		end++
	}
	return end
}

func (p *envParser) errAt(t token, text string) error { return p.errSpan(t.at, t.end, text) }

func (p *envParser) errSpan(at, end int, text string) error {
	return &EnvError{
		Column: utf8.RuneCountInString(p.text[:at]) + 1, Length: max(1, utf8.RuneCountInString(p.text[at:end])),
		Token: p.text[at:end], Text: text,
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
func isQuote(c byte) bool { return c == '\'' || c == '"' }

// variable stores NAME=VALUE.
func (p *envParser) variable(s string) *fault {
	name, value, ok := strings.Cut(s, "=")
	if !ok {
		return &fault{"a value is missing: write " + "NAME=VALUE; nothing is taken from this machine's environment"}
	}
	if f := checkVariable(name, value); f != nil {
		return f
	}
	if _, twice := p.env[name]; twice {
		return &fault{"this name is set twice: keep one of the two"}
	}
	p.env[name] = value
	return nil
}

// checkVariable says what is wrong with a variable.
func checkVariable(name, value string) *fault {
	switch {
	case name == "":
		return &fault{"a name is missing before ="}
	case len(name) > maxKey:
		return &fault{fmt.Sprintf("a name has at most %d bytes", maxKey)}
	case !isName(name):
		return &fault{"a name has letters, digits and _ . - only, and begins with a letter or _"}
	case !utf8.ValidString(value) || strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }):
		return &fault{"the value has control characters: take them out"}
	}
	return nil
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '.' || c == '-')) {
			return false
		}
	}
	return s != ""
}
