<?php

declare(strict_types=1);

/**
 * The address book of the estate: the directory as it is, agencies and units as its groups.
 */
final class congvu_book extends rcube_ldap
{
    // The directory has an index for four letters in a row anywhere in a value, and for the first ones.
    private const INDEXED = 4;
    private const MOST_PLACES = 50;

    private Collator $order;

    /** @var array<string, congvu_place> by DN in lower case */
    private array $by_dn = [];

    /**
     * @param array<string, mixed>        $book
     * @param array<string, congvu_place> $places
     */
    public function __construct(array $book, private readonly array $places, private readonly bool $as_tree)
    {
        $this->order = new Collator('vi_VN');
        $book['group_filters'] = [];
        foreach ($places as $id => $place) {
            $this->by_dn[mb_strtolower($place->dn)] = $place;
            $book['group_filters'][$id] = [
                'name' => $as_tree ? $place->name : $place->whole(),
                'scope' => 'sub',
                'base_dn' => $place->dn,
                'filter' => $book['filter'],
                'name_attr' => 'cn',
            ];
        }
        parent::__construct($book, false, null);
    }

    /**
     * Find people by words of their names, with or without marks, or by agency and unit.
     *
     * The directory also has each name without marks. Agencies and units are few: they are found here, their people by the
     * whole name.
     */
    #[Override]
    public function search($fields, $value, $mode = 0, $select = true, $nocount = false, $required = [])
    {
        $by_name = $fields === '*' || in_array('name', (array) $fields, true);
        if (!$by_name || is_array($value) || ((int) $mode & self::SEARCH_STRICT)) {
            return parent::search($fields, $value, $mode, $select, $nocount, $required);
        }
        $this->reset();
        $this->set_search_set($this->wanted((string) $value));
        if ($select) {
            $this->list_records();
        } else {
            $this->result = $this->count();
        }

        return $this->result;
    }

    /**
     * Give no groups to whoever searches: a letter to everybody in an agency goes to its list, or to its mailbox.
     */
    #[Override]
    public function list_groups($search = null, $mode = 0)
    {
        return $search === null ? parent::list_groups() : [];
    }

    /**
     * Give no groups of a person either: where somebody is stands beside the name.
     */
    #[Override]
    public function get_record_groups($id)
    {
        return [];
    }

    #[Override]
    public function list_records($cols = null, $subset = 0, $nocount = false)
    {
        $result = parent::list_records($cols, $subset, $nocount);
        $result->records = array_map([$this, 'placed'], $result->records);

        return $result;
    }

    #[Override]
    public function get_record($dn, $assoc = false)
    {
        $record = parent::get_record($dn, true);
        if ($record) {
            $record = $this->placed($record);
            $this->result = new rcube_result_set(1);
            $this->result->add($record);
        }

        return $assoc ? $record : $this->result;
    }

    #[Override]
    public function _entry_sort_cmp($a, $b)
    {
        return (int) $this->order->compare($a['cn'][0] ?? '', $b['cn'][0] ?? '');
    }

    private function wanted(string $typed): string
    {
        $words = preg_split('/[\s,;<>()"]+/u', str_replace('*', '', $typed), -1, PREG_SPLIT_NO_EMPTY) ?: [];
        $people = implode('', array_map(self::word(...), $words));
        $filters = ["(&$people)"];
        foreach ($this->names_like($typed) as $name) {
            $filters[] = '(ou=' . ldap_escape($name, '', LDAP_ESCAPE_FILTER) . ')';
        }

        return '(|' . implode('', $filters) . ')';
    }

    /**
     * Ask for a word: at the beginning of a word of the name, or of the address; a longer one also within.
     */
    private static function word(string $word): string
    {
        $same = ldap_escape($word, '', LDAP_ESCAPE_FILTER);
        if (mb_strlen($word) < self::INDEXED) {
            return "(|(cn=$same*)(cn=* $same*)(mail=$same*))";
        }

        return "(|(cn=*$same*)(mail=*$same*))";
    }

    /**
     * @return list<string> of agencies and units, whose code is what was typed, or whose name holds it
     */
    private function names_like(string $typed): array
    {
        $folded = trim((string) preg_replace('/\s+/', ' ', congvu_directory::folded($typed)));
        $marked = $folded !== mb_strtolower(trim($typed));
        $names = [];
        foreach ($this->places as $id => $place) {
            $within = $marked ? mb_stripos($place->name, trim($typed)) !== false : str_contains($place->folded, $folded);
            if ($id === $folded || (strlen($folded) >= self::INDEXED && $within)) {
                $names[$place->name] = true;
            }
        }

        return array_slice(array_keys($names), 0, self::MOST_PLACES);
    }

    /**
     * Say where somebody is, in the order in which people say it.
     */
    private function placed(array $record): array
    {
        $above = explode(',', mb_strtolower(self::dn_decode($record['ID'] ?? '')), 2)[1] ?? '';
        $place = $this->by_dn[$above] ?? null;
        if ($place) {
            $record['organization'] = $place->whole();
        }
        $said = array_filter([$record['jobtitle'] ?? '', $record['organization'] ?? ''], 'is_string');
        $record['place'] = implode(', ', array_filter($said, static fn (string $one): bool => $one !== '' && $one !== ($record['name'] ?? '')));

        return $record;
    }
}
