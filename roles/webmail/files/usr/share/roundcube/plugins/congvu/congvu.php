<?php

/**
 * What the estate adds to Roundcube: its address book by agency, and Vietnamese words where Roundcube has none.
 */
class congvu extends rcube_plugin
{
    #[Override]
    public function init()
    {
        $rcmail = rcmail::get_instance();
        $this->words($rcmail);
        if ($rcmail->user && $rcmail->user->ID && in_array($rcmail->task, ['mail', 'addressbook'])) {
            $this->agencies($rcmail);
        }
    }

    /**
     * Fill the gaps of the language that is spoken, before other plug-ins put English into theirs.
     */
    private function words($rcmail)
    {
        $file = $this->home . '/localization/' . $rcmail->get_user_language() . '.php';
        if (is_readable($file)) {
            $rcmail->load_language(null, [], include $file);
        }
    }

    /**
     * Make each agency a group of the address book.
     *
     * Roundcube knows groups as entries that list their members. Ours are places in the tree, which it calls group
     * filters and takes from its configuration: they are read from the directory here, once in a session.
     */
    private function agencies($rcmail)
    {
        $books = $rcmail->config->get('ldap_public');
        if (!isset($_SESSION['congvu_agencies'])) {
            $_SESSION['congvu_agencies'] = $this->read($books['congvu']);
        }
        $books['congvu']['group_filters'] = $_SESSION['congvu_agencies'];
        $rcmail->config->set('ldap_public', $books);
    }

    /**
     * Ask the directory for its agencies, in the order of their names.
     */
    private function read($book)
    {
        $groups = [];
        $ldap = ldap_connect($book['hosts'][0]);
        ldap_set_option($ldap, LDAP_OPT_PROTOCOL_VERSION, 3);
        ldap_set_option($ldap, LDAP_OPT_NETWORK_TIMEOUT, 5);
        // Without the directory there are no agencies to choose from; that is no reason to keep anybody from the mail.
        if (!@ldap_bind($ldap, $book['bind_dn'], $book['bind_pass'])) {
            rcube::raise_error('The directory does not answer: ' . ldap_error($ldap), true);

            return $groups;
        }
        $found = ldap_get_entries(
            $ldap,
            ldap_list($ldap, $book['base_dn'], '(objectClass=organizationalUnit)', ['ou', 'description'])
        );
        unset($found['count']);
        foreach ($found as $entry) {
            $code = $entry['ou'][0];
            $groups[$code] = [
                'name' => $entry['description'][0] ?? $code,
                'scope' => 'sub',
                'base_dn' => $entry['dn'],
                'filter' => $book['filter'],
                'name_attr' => 'cn',
            ];
        }
        $order = new Collator('vi_VN');
        uasort($groups, function ($one, $other) use ($order) {
            return $order->compare($one['name'], $other['name']);
        });

        return $groups;
    }
}
