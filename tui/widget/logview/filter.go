package logview

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// filter says which lines are shown. It does not change once it is made.
type filter struct {
	text  string
	terms []term
	wrong string // what of text is not understood
}

// term is one condition.
type term struct {
	not  bool
	word needle
	expr *regexp.Regexp // in place of word
	need [][]needle     // of each of these, one is in whatever expr matches
}

// newFilter reads a filter: words that must all be in a line, "words in quotes" that follow each other, /expressions/
// between slashes, and each of these after a minus for what must not be there. Capitals do not count.
func newFilter(text string) *filter {
	f := &filter{text: strings.TrimSpace(text)}
	for rest := f.text; rest != ""; rest = strings.TrimLeft(rest, " ") {
		var t term
		if len(rest) > 1 && rest[0] == '-' && rest[1] != ' ' {
			t.not, rest = true, rest[1:]
		}
		var word string
		if expr, behind, ok := expression(rest); ok {
			rest = behind
			if err := t.compile(expr); err != nil {
				f.wrong = fmt.Sprintf("/%s/ is not understood: %v", expr, err)
				continue
			}
		} else if word, rest = cutWord(rest); word == "" {
			continue
		} else {
			t.word = newNeedle(word, true)
		}
		f.terms = append(f.terms, t)
	}
	return f
}

// expression cuts off what stands between slashes. The second one must end a word: /dev/sda is a word.
func expression(s string) (expr, rest string, ok bool) {
	if len(s) < 3 || s[0] != '/' {
		return "", s, false
	}
	for i := 2; i < len(s); i++ {
		if s[i] == '/' && s[i-1] != '\\' && (i+1 == len(s) || s[i+1] == ' ') {
			return s[1:i], s[i+1:], true
		}
	}
	return "", s, false
}

func cutWord(s string) (word, rest string) {
	if s[0] == '"' {
		word, rest, _ = strings.Cut(s[1:], `"`)
		return word, rest
	}
	word, rest, _ = strings.Cut(s, " ")
	return word, rest
}

func (t *term) compile(expr string) error {
	re, err := regexp.Compile("(?i)" + expr)
	if err != nil {
		if s := new(syntax.Error); errors.As(err, &s) {
			return errors.New(s.Code.String())
		}
		return err
	}
	t.expr = re
	if tree, err := syntax.Parse("(?i)"+expr, syntax.Perl); err == nil {
		for _, texts := range required(tree) {
			var one []needle
			for _, s := range texts {
				one = append(one, newNeedle(s, true))
			}
			t.need = append(t.need, one)
		}
	}
	return nil
}

// required returns groups of texts: of each group, one is in whatever an expression matches. Looking for these first
// is ten times as fast as the expression. There are none when nothing of use is known.
func required(re *syntax.Regexp) (groups [][]string) {
	const (
		shortest = 2
		most     = 6
	)
	switch re.Op {
	case syntax.OpLiteral:
		if s := string(re.Rune); len(s) >= shortest {
			return [][]string{{s}}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			groups = append(groups, required(sub)...)
		}
		return groups[:min(len(groups), most)]
	case syntax.OpAlternate:
		var union []string
		for _, sub := range re.Sub {
			texts := strictest(required(sub))
			if union = append(union, texts...); len(texts) == 0 || len(union) > most {
				return nil
			}
		}
		return [][]string{union}
	}
	return nil
}

// strictest returns the group whose shortest text is the longest.
func strictest(groups [][]string) (best []string) {
	for _, texts := range groups {
		if least(texts) > least(best) {
			best = texts
		}
	}
	return best
}

// least returns the length of the shortest text; 0 when there is none.
func least(texts []string) int {
	n := 0
	for _, s := range texts {
		if n == 0 || len(s) < n {
			n = len(s)
		}
	}
	return n
}

// sought is the first text that lines must hold; without one it is empty.
func (f *filter) sought() needle {
	for i := range f.terms {
		if t := &f.terms[i]; !t.not && t.expr == nil {
			return t.word
		}
	}
	return needle{}
}

// all reports whether every line is shown.
func (f *filter) all() bool { return len(f.terms) == 0 }

// shows reports whether a line is shown, and what looking took.
func (f *filter) shows(r *record) (ok bool, cost int) {
	cost = perLine
	if r.flags&missing != 0 {
		return true, cost
	}
	body := r.body()
	for i := range f.terms {
		t := &f.terms[i]
		in, took := t.in(body)
		cost += took
		if in == t.not {
			return false, cost
		}
	}
	return true, cost
}

// perMatch is how much longer an expression takes than a plain search, about.
const perMatch = 32

// in reports whether a text is in a line, and what looking took.
func (t *term) in(s string) (ok bool, cost int) {
	if t.expr == nil {
		return t.word.in(s) >= 0, t.word.cost(s)
	}
	for _, group := range t.need {
		found := false
		for i := range group {
			cost += group[i].cost(s)
			if found = group[i].in(s) >= 0; found {
				break
			}
		}
		if !found {
			return false, cost
		}
	}
	return t.expr.MatchString(s), cost + perMatch*len(s)
}
