package vastapi

import (
	"regexp"
	"strconv"
	"strings"
)

// classifyTerms says which of the terms a refused request named is at fault. The
// codes do not tell: nearly all of them are invalid_args, and the words decide.
func classifyTerms(code, words string) Kind {
	switch {
	case code == "invalid_price", isAny(words, "bid price", "minimum bid", "min_bid", "min bid", "bid too low", "bid is too low", "outbid"):
		return KindBid
	case isAny(words, "invalid env", "env argument", "environment variable", "invalid port", "too many ports"):
		return KindEnv
	case isAny(words, "image", "no such template", "template_hash", "invalid template", "manifest unknown", "docker login"):
		return KindImage
	}
	return KindRejected
}

func isAny(words string, parts ...string) bool {
	for _, part := range parts {
		if strings.Contains(words, part) {
			return true
		}
	}
	return false
}

// least finds the number after the words that announce a lower bound.
var least = regexp.MustCompile(`(?i)(?:minimum bid(?: price)?|minimum price|min[_ ]bid|minimum|at least|>=|between)(?:\s+(?:is|of|for this offer is))?\s*[:=]?\s*\$?([0-9]+(?:\.[0-9]+)?|\.[0-9]+)`)

// leastBid is the lowest bid a refusal names, 0 when it names none.
func leastBid(text string) Rate {
	m := least.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	f, err := strconv.ParseFloat(m[1], 64)
	if err != nil || f > maxRate {
		return 0
	}
	return Rate(f)
}
