<?php

declare(strict_types=1);

/**
 * The list of address books and their groups, with units below their agencies.
 */
final class congvu_tree
{
    /**
     * Move each group `snv/tccb` into a list of its own below `snv`, closed at first.
     */
    public static function nested(string $html, string $book): string
    {
        $document = new DOMDocument();
        if (!@$document->loadHTML('<?xml encoding="UTF-8"><body>' . $html . '</body>', LIBXML_NOERROR)) {
            return $html;
        }
        $agencies = [];
        $links = (new DOMXPath($document))->query("//li[contains(@class, 'contactgroup')]/a");
        foreach (iterator_to_array($links) as $link) {
            [$source, $id] = explode(':', $link->getAttribute('rel'), 2) + ['', ''];
            [$agency, $unit] = explode('/', $id, 2) + ['', ''];
            if ($source !== $book) {
                continue;
            }
            if ($unit === '') {
                $agencies[$agency] = $link->parentNode;
            } elseif (isset($agencies[$agency])) {
                self::list_below($agencies[$agency])->appendChild($link->parentNode);
            }
        }

        return implode('', array_map(
            [$document, 'saveHTML'],
            iterator_to_array($document->getElementsByTagName('body')->item(0)->childNodes),
        ));
    }

    private static function list_below(DOMElement $agency): DOMElement
    {
        $last = $agency->lastChild;
        if ($last instanceof DOMElement && $last->tagName === 'ul') {
            return $last;
        }
        $toggle = $agency->ownerDocument->createElement('div', "\u{a0}");
        $toggle->setAttribute('class', 'treetoggle collapsed');
        $units = $agency->ownerDocument->createElement('ul');
        $units->setAttribute('class', 'groups');
        $units->setAttribute('style', 'display: none');
        $agency->appendChild($toggle);
        $agency->appendChild($units);

        return $units;
    }
}
