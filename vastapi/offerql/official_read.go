package offerql

import (
	"slices"
	"strings"
)

// FromOfficial reads a line of the official client: "vastai search offers …" or
// "vastai search volumes …", with its options, quoted as for a shell. The error,
// if any, is an *Error with its place in the line. The query is read as Parse
// reads it, but memory written with a decimal point is the exact size that the
// official client makes of it: gpu_ram<=24 includes the cards sold as 24 GB,
// gpu_ram<=24.0 does not. Whatever a shell would make of
// variables or a pipe is not carried out, and a key in the line is not kept.
func FromOfficial(line string) (Official, error) {
	if len(line) > maxLine {
		return Official{}, &Error{Col: maxLine, Len: len(line) - maxLine, Kind: BadText, Text: "the line is too long"}
	}
	body := withoutPrompt(line)
	shift := strings.Index(line, body)
	r := officialReader{line: line}
	words, err := shellWords(body)
	if err == nil {
		for i := range words {
			words[i].shift(shift)
		}
		r.words = words
		if err = r.verb(); err == nil {
			err = r.arguments()
		}
	} else {
		err.Col += shift
	}
	if err == nil {
		err = r.queryAndOrder()
	}
	if err != nil {
		return Official{}, err
	}
	return r.Official, nil
}

func (w *shellWord) shift(by int) {
	w.col, w.end = w.col+by, w.end+by
	for i := range w.at {
		w.at[i] += by
	}
}

// officialReader reads a line word by word.
type officialReader struct {
	Official
	line  string
	words []shellWord
	i     int
	query []shellWord // what is no option
	order *shellWord
	plain bool // "--" was read: no options any more
}

// at makes an error about a word.
func (w shellWord) wrong(kind ErrorKind, text string) *Error {
	return &Error{Col: w.col, Len: w.end - w.col, Kind: kind, Text: text}
}

// verb reads as far as "search offers".
func (r *officialReader) verb() *Error {
	at := programAt(len(r.words), func(i int) string { return r.words[i].text })
	if at < 0 {
		return &Error{Len: min(len(r.line), r.firstEnd()), Kind: BadText, Text: "this is no line of the official client, which begins with vastai search offers"}
	}
	r.i = at + 1
	for r.i < len(r.words) && strings.HasPrefix(r.words[r.i].text, "-") {
		if err := r.option(); err != nil {
			return err
		}
	}
	if r.i+1 >= len(r.words) || r.words[r.i].text != "search" {
		last := r.words[min(r.i, len(r.words)-1)]
		return last.wrong(BadText, "only search offers and search volumes can be taken over")
	}
	switch what := r.words[r.i+1]; what.text {
	case "offers":
	case "volumes":
		r.Volumes = true
	default:
		return what.wrong(BadText, "only search offers and search volumes can be taken over")
	}
	r.i += 2
	return nil
}

func (r *officialReader) firstEnd() int {
	if len(r.words) == 0 {
		return len(r.line)
	}
	return r.words[0].end
}

// arguments reads what stands behind the verb.
func (r *officialReader) arguments() *Error {
	for r.i < len(r.words) {
		w := r.words[r.i]
		switch {
		case w.text == "--" && !r.plain:
			r.plain = true
			r.i++
		case !r.plain && isOption(w.text):
			if err := r.option(); err != nil {
				return err
			}
		default:
			r.query = append(r.query, w)
			r.i++
		}
	}
	return nil
}

// isOption reports whether a word is meant as an option: a text with a space or
// an operator in it that begins with "-" is a query with a word left out.
func isOption(text string) bool {
	return len(text) > 1 && text[0] == '-' && !isDigit(text[1]) && !strings.ContainsRune(text, ' ')
}

// option reads one option and its value, or several short ones in one word.
func (r *officialReader) option() *Error {
	w := r.words[r.i]
	name, value, has := w.text, "", false
	if strings.HasPrefix(name, "--") {
		name, value, has = strings.Cut(name, "=")
	} else if len(name) > 2 {
		name, value, has = name[:2], name[2:], true
	}
	i := slices.IndexFunc(officialOptions, func(o officialOption) bool { return o.long == name || o.short == name && name != "" })
	if i < 0 || r.Volumes && officialOptions[i].offers {
		return r.unknownOption(w, name)
	}
	opt := officialOptions[i]
	r.i++
	if !opt.takes && has {
		if strings.HasPrefix(name, "--") {
			return w.wrong(BadValue, name+" takes no value")
		}
		// -nb: the letters behind the first are options too.
		r.i--
		r.words[r.i].text, r.words[r.i].at = "-"+value, w.at[1:]
		return r.apply(opt, w, "")
	}
	at := w
	if opt.takes && !has {
		if r.i >= len(r.words) {
			return w.wrong(BlankValue, "a value for "+name+" is missing")
		}
		at = r.words[r.i]
		value = at.text
		r.i++
	} else if has {
		at.at = w.at[len(w.text)-len(value):]
	}
	at.text = value
	if opt.long == "--order" {
		r.order = &at
		return nil
	}
	return r.apply(opt, at, value)
}

func (r *officialReader) apply(opt officialOption, w shellWord, value string) *Error {
	if opt.set == nil {
		r.Ignored = append(r.Ignored, opt.long)
		return nil
	}
	if text := opt.set(&r.Official, value); text != "" {
		return w.wrong(BadValue, text)
	}
	return nil
}

func (r *officialReader) unknownOption(w shellWord, name string) *Error {
	what := "search offers"
	if r.Volumes {
		what = "search volumes"
	}
	e := w.wrong(UnknownOption, what+" has no option "+name)
	for _, o := range officialOptions {
		if len(name) > 3 && !(r.Volumes && o.offers) && (strings.HasPrefix(o.long, name) || distance(name, o.long) <= 2) {
			e.Suggest = o.long
			break
		}
	}
	return e
}

// queryAndOrder reads the texts that have a language of their own.
func (r *officialReader) queryAndOrder() *Error {
	text, at := joinWords(r.query)
	p := parser{scanner: scanner{s: text + " ", table: tableOf(r.Volumes)}, points: true}
	if err := p.all(nil); err != nil {
		return r.moved(err, at)
	}
	r.Query = p.query()
	if r.order == nil {
		return nil
	}
	var err error
	if r.Order, err = ParseOrder(r.order.text); err != nil {
		return r.moved(err.(*Error), r.order.at)
	}
	return nil
}

// joinWords joins words with spaces, as the official client does.
func joinWords(words []shellWord) (string, []int) {
	var b strings.Builder
	var at []int
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
			at = append(at, w.col)
		}
		b.WriteString(w.text)
		at = append(at, w.at...)
	}
	return b.String(), at
}

// moved points an error in a part of the line to its place in the whole.
func (r *officialReader) moved(err *Error, at []int) *Error {
	e := *err
	if len(at) == 0 {
		e.Col, e.Len = len(r.line), 0
		return &e
	}
	from := at[min(e.Col, len(at)-1)]
	to := at[min(max(e.Col+e.Len-1, 0), len(at)-1)] + 1
	e.Col, e.Len = from, max(to-from, 1)
	return &e
}
