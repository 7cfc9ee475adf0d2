import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignInAttempt',
            fields=[
                ('login', models.CharField(max_length=254, primary_key=True, serialize=False)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('window_began_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('private_metadata', models.JSONField(blank=True, default=dict)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('phone', models.CharField(blank=True, max_length=16, null=True, unique=True)),
                ('email', models.EmailField(blank=True, max_length=254, null=True, unique=True)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('language_code', models.CharField(default='vi', max_length=5)),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False)),
                ('token_generation', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('phone__isnull', False), ('email__isnull', False), _connector='OR'), name='user_has_phone_or_email')],
            },
        ),
        migrations.CreateModel(
            name='HelpConsent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('means', models.CharField(choices=[('spoken', 'Spoken Before Staff'), ('paper', 'Signed Paper'), ('phone', 'Own Phone')], max_length=8)),
                ('given_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents_held', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents_given', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('person', 'agent'), name='one_live_consent')],
            },
        ),
        migrations.CreateModel(
            name='RefreshToken',
            fields=[
                ('token_id', models.UUIDField(primary_key=True, serialize=False)),
                ('family', models.UUIDField(db_index=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refresh_tokens', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('operator', 'Operator'), ('province', 'Province'), ('commune', 'Commune'), ('agent', 'Agent')], max_length=10)),
                ('given_at', models.DateTimeField(auto_now_add=True)),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='places.province')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('commune__isnull', True), ('kind', 'operator'), ('province__isnull', True)), models.Q(('commune__isnull', True), ('kind', 'province'), ('province__isnull', False)), models.Q(('commune__isnull', False), ('kind__in', ['commune', 'agent']), ('province__isnull', True)), _connector='OR'), name='role_has_its_scope'), models.UniqueConstraint(condition=models.Q(('kind', 'province')), fields=('user', 'kind', 'province'), name='role_once_province'), models.UniqueConstraint(condition=models.Q(('commune__isnull', False)), fields=('user', 'kind', 'commune'), name='role_once_commune'), models.UniqueConstraint(condition=models.Q(('kind', 'operator')), fields=('user', 'kind'), name='role_once_operator')],
            },
        ),
    ]
