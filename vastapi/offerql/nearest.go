package offerql

import "strings"

// fieldNames are all names and aliases of offers and volumes, for prefixes and suggestions.
var fieldNames = namesOf(fields)

func namesOf(list []*Field) []string {
	var out []string
	for _, f := range list {
		out = append(append(out, f.Name), f.Aliases...)
	}
	return out
}

// beginsField reports whether s is the beginning of the name of a field of offers or volumes.
func beginsField(s string) bool { return beginsAny(s, fieldNames) }

func beginsAny(s string, names []string) bool {
	for _, n := range names {
		if strings.HasPrefix(n, s) {
			return true
		}
	}
	return false
}

// otherNames are what people call fields and no spelling mistake leads to.
var otherNames = map[string]string{
	"price": "dph", "cost": "dph", "hourly": "dph", "bid": "min_bid", "ram": "cpu_ram", "memory": "cpu_ram", "cores": "cpu_cores_effective",
	"cpus": "cpu_cores_effective", "bandwidth": "inet_down", "download": "inet_down", "upload": "inet_up", "location": "geolocation",
	"place": "geolocation", "flops": "total_flops", "storage": "disk_space", "days": "duration", "nvlink": "bw_nvlink", "name": "gpu_name",
}

// nearest is the name of the field that s is most likely meant to be, or "".
func (t *table) nearest(s string) string {
	if n := t.others[strings.ToLower(s)]; n != "" {
		return n
	}
	best, at := "", max(1, len(s)/3)
	for _, n := range t.names {
		if t.named[n] == nil {
			continue
		}
		if d := distance(strings.ToLower(s), n); d <= at && (best == "" || d < at) {
			best, at = n, d
		}
	}
	return best
}

// Nearest returns the value that s is most likely meant to be, or "" when none is near:
// at most every third letter is wrong. Capitals do not count.
func Nearest(s string, values []string) string {
	best, at := "", max(1, len(s)/3)
	for _, v := range values {
		if d := distance(lowerASCII(s), lowerASCII(v)); d <= at && (best == "" || d < at) {
			best, at = v, d
		}
	}
	return best
}

// distance is the number of letters to add, drop, change or swap with their
// neighbour to come from a to b.
func distance(a, b string) int {
	if len(a) > 40 {
		return len(a)
	}
	before, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}
