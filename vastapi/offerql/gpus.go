package offerql

import "strings"

// gpuNames are the GPU names of the marketplace as an answer spells them
// (official client, vastai/data/query.py).
var gpuNames = []string{
	"A10", "A16", "A30", "A40", "A100 PCIE", "A100 SXM4", "A100X", "B200",
	"GH200 SXM", "H100 PCIE", "H100 SXM", "H100 NVL", "H200", "H200 NVL",
	"L4", "L40", "L40S", "Tesla T4", "Tesla V100", "Tesla P100",
	"GTX 1080 Ti", "RTX 2080 Ti", "RTX 3060", "RTX 3060 Ti", "RTX 3070",
	"RTX 3080", "RTX 3080 Ti", "RTX 3090", "RTX 3090 Ti", "RTX 4060 Ti",
	"RTX 4070", "RTX 4070S", "RTX 4070S Ti", "RTX 4070 Ti", "RTX 4080",
	"RTX 4080S", "RTX 4090", "RTX 4090D", "RTX 5060 Ti", "RTX 5070",
	"RTX 5070 Ti", "RTX 5080", "RTX 5090", "RTX A2000", "RTX A4000",
	"RTX A4500", "RTX A5000", "RTX A6000", "RTX 4000Ada", "RTX 5000Ada",
	"RTX 6000Ada", "RTX PRO 4000", "RTX PRO 5000", "RTX PRO 6000 S",
	"RTX PRO 6000 WS", "Q RTX 8000", "Titan RTX", "Titan V",
	"InstinctMI50", "InstinctMI100", "InstinctMI210", "InstinctMI250X",
	"PRO W7900", "RX 7900 GRE",
}

var gpuLower = func() []string {
	low := make([]string, len(gpuNames))
	for i, n := range gpuNames {
		low[i] = strings.ToLower(n)
	}
	return low
}()

// gpuExact is the catalogue's spelling of a name written in any case and with
// underscores for spaces.
func gpuExact(name string) (string, bool) {
	for _, n := range gpuNames {
		if len(n) == len(name) && sameName(n, name) {
			return n, true
		}
	}
	if len(name) < minTight {
		return "", false
	}
	t := tight(lowerASCII(name))
	for i, n := range gpuLower {
		if len(n) >= len(t) && tight(n) == t {
			return gpuNames[i], true
		}
	}
	return "", false
}

// minTight is the shortest text that is looked for without spaces: below it
// there is more chance than meaning.
const minTight = 5

func sameName(name, typed string) bool {
	for i := len(name) - 1; i >= 0; i-- {
		// From the end: most names begin with RTX.
		if c := typed[i]; name[i] != c && lower(name[i]) != lower(c) && !(c == '_' && name[i] == ' ') {
			return false
		}
	}
	return true
}

// gpuContains reports whether low, in lower case, occurs in a name of the catalogue.
func gpuContains(low string) bool {
	for _, n := range gpuLower {
		if strings.Contains(n, low) {
			return true
		}
	}
	return false
}

// gpusWithTight lists the names that contain low when their spaces are left out.
func gpusWithTight(low string) []string {
	var out []string
	for i, n := range gpuLower {
		if containsTight(n, low) {
			out = append(out, gpuNames[i])
		}
	}
	return out
}

// gpusWith lists the names of the catalogue that contain low, in lower case.
func gpusWith(low string) []string {
	var out []string
	for i, n := range gpuLower {
		if strings.Contains(n, low) {
			out = append(out, gpuNames[i])
		}
	}
	return out
}

// gpuBegins reports whether low, in lower case, is the beginning of a name of the
// catalogue up to the end of a word of it, and not a whole name.
func gpuBegins(low string) bool {
	for _, n := range gpuLower {
		if len(n) > len(low) && n[len(low)] == ' ' && n[:len(low)] == low {
			return true
		}
	}
	return false
}
