package rental

import (
	"errors"
	"strings"
)

// ErrOpenQuote is why a line cannot be split into words.
var ErrOpenQuote = errors.New("a quote is never closed: close it where the word ends")

// SplitWords splits a line into words as a POSIX shell does, without expanding
// anything: white space separates; single quotes keep everything, double quotes
// all but \ before " \ $ ` and a line end; \ keeps the next character. It is for
// the arguments of an entrypoint.
func SplitWords(line string) ([]string, error) {
	s := splitter{text: line}
	for s.at < len(s.text) {
		if err := s.step(); err != nil {
			return nil, err
		}
	}
	s.end()
	return s.words, nil
}

type splitter struct {
	text  string
	at    int
	words []string
	word  strings.Builder
	in    bool // inside a word, which may be empty
}

func (s *splitter) end() {
	if s.in {
		s.words = append(s.words, s.word.String())
		s.word.Reset()
		s.in = false
	}
}

// step takes one character, or one quoted piece.
func (s *splitter) step() error {
	c := s.text[s.at]
	s.at++
	switch {
	case isSpace(c):
		s.end()
		return nil
	case c == '\'':
		s.in = true
		return s.single()
	case c == '"':
		s.in = true
		return s.double()
	case c == '\\':
		if s.at == len(s.text) {
			return errors.New("a backslash at the end keeps nothing: take it away")
		}
		c = s.text[s.at]
		s.at++
		if c == '\n' {
			return nil
		}
	}
	s.in = true
	s.word.WriteByte(c)
	return nil
}

func (s *splitter) single() error {
	end := strings.IndexByte(s.text[s.at:], '\'')
	if end < 0 {
		return ErrOpenQuote
	}
	s.word.WriteString(s.text[s.at : s.at+end])
	s.at += end + 1
	return nil
}

func (s *splitter) double() error {
	for s.at < len(s.text) {
		c := s.text[s.at]
		s.at++
		if c == '"' {
			return nil
		}
		if c == '\\' && s.at < len(s.text) && strings.IndexByte("\"\\$`\n", s.text[s.at]) >= 0 {
			c = s.text[s.at]
			s.at++
			if c == '\n' {
				continue
			}
		}
		s.word.WriteByte(c)
	}
	return ErrOpenQuote
}
