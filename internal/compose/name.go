package compose

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"muster/internal/incident"
)

// maxName bounds a channel's name, in characters.
const maxName = 80

// channelNames returns the names that an incident's channel may have, the wanted
// one first: name_taken leads on to the next. The number comes first, so that
// only the title is ever cut. From the third on nobody can guess them, and so
// take them all; a private incident's name cannot be guessed from the first, nor
// does it tell anything.
func channelNames(inc incident.Incident) []string {
	title := slug(inc.Title)
	if inc.Private {
		title = "private"
	}
	names := make([]string, 0, nameTries)
	for try := 1; try <= nameTries; try++ {
		suffix := ""
		switch {
		case inc.Private || try > 2:
			suffix = "-" + secret(inc, try)
		case try == 2:
			suffix = "-2"
		}
		name := fmt.Sprintf("inc-%d-%s", int(inc.Number), title)
		name = strings.TrimRight(name[:min(len(name), maxName-len(suffix))], "-")
		names = append(names, name+suffix)
	}
	return names
}

// nameTries bounds how many names are tried.
const nameTries = 5

// secret returns a suffix that only whoever knows the incident's ID can tell, and
// that is the same at each attempt, so that a channel in doubt is found again.
func secret(inc incident.Incident, try int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "channel %s %d", inc.ID, try))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
}

// letters that no decomposition brings to ASCII.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// slug writes a title with the characters of a channel name: lowercase ASCII
// letters, digits and single hyphens.
func slug(title string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(letters.Replace(strings.ToLower(title))) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’': // accents; "can't" is one word
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}
