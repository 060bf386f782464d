package yamlfile

import (
	"fmt"
	"strings"

	"muster/internal/spell"
)

// Nearest returns the known word that a mistyped or shortened one most likely means,
// "" if none is near.
func Nearest(word string, known []string) string {
	for _, k := range known {
		if len(word) > 2 && strings.HasPrefix(k, strings.ToLower(word)) {
			return k
		}
	}
	return spell.Nearest(word, known)
}

// OneOf says which words would be right: the nearest, else all of them.
func OneOf(word string, known []string) string {
	if k := Nearest(word, known); k != "" {
		return fmt.Sprintf("write %q", k)
	}
	return "it has to be one of " + strings.Join(known, ", ")
}
